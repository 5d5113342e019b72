import type { Command } from '../../model/registry.ts';
import { unwrapped } from '../compose/composeService.ts';
import type { ProductFiles } from '../files/productFiles.ts';
import { timesOf } from '../programs/healthOfCommand.ts';
import { dockerfileIn } from '../programs/imageProgram.ts';
import { ownProgram, programIn } from '../programs/programIn.ts';
import { scanSources } from '../programs/sourceScan.ts';
import type {
  Description,
  Gap,
  HealthSketch,
  HealthTimes,
  ListeningPort,
  Said,
  Sketch,
  Variable,
} from '../sketch.ts';
import { backingOf, imageName } from './backing.ts';
import { backingGap } from './backingService.ts';
import { codeFolderNamed } from './codeFolder.ts';
import { listOf, recordOf, textOf, type Values } from './values.ts';
import { yamlDocuments } from './yamlText.ts';

const WORKLOAD = /^kind:\s*["']?(Deployment|StatefulSet)\b/m;

/** Files with Deployments; templates that a tool has to fill in are none. */
export function kubernetesFilesIn(files: ProductFiles): string[] {
  return files.paths.filter((file) => {
    if (!/\.ya?ml$/.test(file)) return false;
    const text = files.text(file) ?? '';
    return WORKLOAD.test(text) && /^apiVersion:/m.test(text) && !text.includes('{{');
  });
}

interface Resource {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly value: Values;
}

/** @throws MeshSimError `source-invalid` */
export function describeKubernetes(
  files: ProductFiles,
  names: readonly string[],
  hasProgram: (program: string) => boolean,
): Description {
  const all = files.paths.filter((file) => {
    const text = /\.ya?ml$/.test(file) ? (files.text(file) ?? '') : '';
    return (
      names.includes(file) ||
      (/^kind:\s*["']?(Service|ConfigMap)\b/m.test(text) && !text.includes('{{'))
    );
  });
  const resources = all.flatMap((file) =>
    yamlDocuments(files.text(file) ?? '', file).map((value) => resourceOf(file, recordOf(value))),
  );
  const sketches: Sketch[] = [];
  const gaps: Gap[] = [];
  for (const workload of resources.filter(
    ({ kind }) => kind === 'Deployment' || kind === 'StatefulSet',
  )) {
    const template = recordOf(recordOf(workload.value.spec).template);
    const pod = recordOf(template.spec);
    const labels = recordOf(recordOf(template.metadata).labels);
    const containers = listOf(pod.containers).map(recordOf);
    if (listOf(pod.initContainers).length > 0) {
      gaps.push(
        gapOf(
          workload,
          'initContainers',
          'they run once and end, which no service of a registry does, so they are left out',
          'let the service run their commands first, in its "start"',
        ),
      );
    }
    for (const container of containers) {
      const name =
        containers.length === 1
          ? workload.name
          : `${workload.name}-${textOf(container.name) ?? ''}`;
      const one = describeContainer(files, {
        workload,
        container,
        name,
        resources,
        labels,
        hasProgram,
      });
      gaps.push(...one.gaps);
      if (one.sketch !== undefined) sketches.push(one.sketch);
    }
  }
  return { sketches, gaps, notes: [] };
}

function resourceOf(file: string, value: Values): Resource {
  const name = textOf(recordOf(value.metadata).name) ?? '';
  return { file, kind: textOf(value.kind) ?? '', name, value };
}

function gapOf({ file, kind, name }: Resource, field: string, what: string, remedy: string): Gap {
  return { where: `${file}, ${kind} ${name}, ${field}`, what, remedy };
}

interface ContainerPlace {
  readonly workload: Resource;
  readonly container: Values;
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly labels: Values;
  readonly hasProgram: (program: string) => boolean;
}

function describeContainer(
  files: ProductFiles,
  where: ContainerPlace,
): { sketch?: Sketch; gaps: Gap[] } {
  const { workload, container, name, resources, labels, hasProgram } = where;
  const place = `${workload.file}, ${workload.kind} ${workload.name}`;
  const image = textOf(container.image) ?? '';
  const backing = backingOf(image);
  if (backing !== undefined) {
    return { gaps: [backingGap(place, image, backing, hasProgram(backing.program))] };
  }
  const folder = codeFolderNamed(files, [
    imageName(image),
    textOf(container.name) ?? '',
    workload.name,
  ]);
  if (folder === undefined) {
    return {
      gaps: [
        gapOf(
          workload,
          'image',
          `no folder here is called as its image ${image} is, so it is left out`,
          'write the service by hand, or name its folder as its image',
        ),
      ],
    };
  }
  const command = commandOf(container);
  const dockerfile = dockerfileIn(files, folder);
  const overrides = {
    ...(command.entrypoint === undefined ? {} : { entrypoint: command.entrypoint }),
    ...(command.command === undefined ? {} : { command: command.command }),
  };
  const program =
    dockerfile === undefined
      ? ownProgram(files, folder)
      : programIn(files, folder, { dockerfile, context: folder, ...overrides, place });
  const given = command.entrypoint ?? command.command;
  const start =
    dockerfile === undefined && given !== undefined
      ? { value: program?.adapt(given) ?? given, source: `${place}, command` }
      : program?.start;
  if (start === undefined) {
    return {
      gaps: [
        gapOf(
          workload,
          'command',
          'nothing says how it is started, so it is left out',
          'give its image a CMD',
        ),
      ],
    };
  }
  const { env, secrets, gaps } = envOf(container, workload, resources);
  const facts = scanSources(files, folder);
  const declared = portsOf(container, place);
  const ports = declared.length > 0 ? declared : (program?.ports ?? []);
  const { knownAs, aliases } = servicesOf(resources, labels, container);
  const health = healthOf(container, place) ?? program?.health;
  const sketch: Sketch = {
    name,
    aliases,
    path: { value: program?.path ?? folder, source: `${place}, image` },
    ...(program?.build === undefined ? {} : { build: program.build }),
    start,
    env: new Map([...(program?.env ?? []), ...env]),
    secrets,
    ports: ports.length > 0 || facts.port === undefined ? ports : [facts.port],
    knownAs,
    ...(facts.portVariable === undefined ? {} : { portVariable: facts.portVariable }),
    ...(health === undefined ? {} : { health }),
    dependsOn: [],
  };
  return { sketch, gaps: [...(program?.gaps ?? []), ...gaps] };
}

function commandOf({ command, args }: Values): { entrypoint?: Command; command?: Command } {
  const words = (value: unknown): string[] => listOf(value).map((word) => textOf(word) ?? '');
  return {
    ...(listOf(command).length === 0 ? {} : { entrypoint: unwrapped(words(command)) }),
    ...(listOf(args).length === 0 ? {} : { command: words(args) }),
  };
}

function portsOf(container: Values, place: string): ListeningPort[] {
  return listOf(container.ports).flatMap((entry, index) => {
    const { containerPort, protocol } = recordOf(entry);
    const value = Number(textOf(containerPort));
    if (!(value > 0) || (textOf(protocol) ?? 'TCP') !== 'TCP') return [];
    return [{ value, source: `${place}, ports[${index}]` }];
  });
}

/** Under which names and ports others know a container: those of the Services that select it. */
function servicesOf(resources: readonly Resource[], labels: Values, container: Values) {
  const aliases: string[] = [];
  const knownAs = new Map<number, number>();
  const named = new Map(
    listOf(container.ports).map((entry) => {
      const { name, containerPort } = recordOf(entry);
      return [textOf(name) ?? '', Number(textOf(containerPort))] as const;
    }),
  );
  for (const { value, name, kind } of resources) {
    const selector = Object.entries(recordOf(recordOf(value.spec).selector));
    const isMatch =
      selector.length > 0 && selector.every(([key, wanted]) => labels[key] === wanted);
    if (kind !== 'Service' || !isMatch) continue;
    aliases.push(name);
    for (const entry of listOf(recordOf(value.spec).ports)) {
      const { port, targetPort } = recordOf(entry);
      const target = textOf(targetPort) ?? textOf(port) ?? '';
      knownAs.set(Number(textOf(port)), named.get(target) ?? Number(target));
    }
  }
  return { aliases, knownAs };
}

function envOf(container: Values, workload: Resource, resources: readonly Resource[]) {
  const env = new Map<string, Variable>();
  const secrets = new Map<string, Said<string | undefined>>();
  const gaps: Gap[] = [];
  const place = `${workload.file}, ${workload.kind} ${workload.name}, env`;
  const configMap = (name: unknown) =>
    recordOf(
      resources.find((one) => one.kind === 'ConfigMap' && one.name === textOf(name))?.value.data,
    );
  for (const entry of listOf(container.envFrom)) {
    const { configMapRef, secretRef } = recordOf(entry);
    const { name } = recordOf(configMapRef);
    for (const [key, value] of Object.entries(configMap(name))) {
      env.set(key, {
        value: textOf(value) ?? '',
        source: `ConfigMap ${textOf(name) ?? ''}, ${key}`,
      });
    }
    if (secretRef !== undefined)
      gaps.push(
        gapOf(
          workload,
          'envFrom',
          'the names in a Secret are not known here',
          'name them as "secrets" of the service',
        ),
      );
  }
  for (const entry of listOf(container.env)) {
    const { name, value, valueFrom } = recordOf(entry);
    const variable = textOf(name) ?? '';
    const source = `${place}.${variable}`;
    const { secretKeyRef, configMapKeyRef } = recordOf(valueFrom);
    const configured = textOf(
      configMap(recordOf(configMapKeyRef).name)[textOf(recordOf(configMapKeyRef).key) ?? ''],
    );
    const text = textOf(value) ?? configured;
    if (secretKeyRef !== undefined) secrets.set(variable, { value: undefined, source });
    else if (text !== undefined) env.set(variable, { value: text, source });
    else
      gaps.push({
        where: source,
        what: 'it has no value here, so it is left out',
        remedy: 'write it into env by hand',
      });
  }
  return { env, secrets, gaps };
}

function healthOf(container: Values, place: string): Said<HealthSketch & HealthTimes> | undefined {
  for (const kind of ['readinessProbe', 'startupProbe', 'livenessProbe']) {
    const probe = recordOf(container[kind]);
    const found = probeOf(probe, container);
    if (found === undefined) continue;
    const times = timesOf({
      intervalMs:
        probe.periodSeconds === undefined ? undefined : 1_000 * Number(textOf(probe.periodSeconds)),
      timeoutMs:
        probe.timeoutSeconds === undefined
          ? undefined
          : 1_000 * Number(textOf(probe.timeoutSeconds)),
    });
    return { value: { ...found, ...times }, source: `${place}, ${kind}` };
  }
  return undefined;
}

function probeOf(
  { httpGet, tcpSocket, exec }: Values,
  container: Values,
): HealthSketch | undefined {
  const port = (value: unknown): { port?: number } => {
    const text = textOf(value) ?? '';
    const named = listOf(container.ports)
      .map(recordOf)
      .find(({ name }) => textOf(name) === text);
    const number = Number(textOf(named?.containerPort) ?? text);
    return number > 0 ? { port: number } : {};
  };
  if (httpGet !== undefined) {
    const { path, port: at } = recordOf(httpGet);
    return { kind: 'http', path: textOf(path) ?? '/', ...port(at) };
  }
  if (tcpSocket !== undefined) return { kind: 'tcp', ...port(recordOf(tcpSocket).port) };
  const words = listOf(recordOf(exec).command).map((word) => textOf(word) ?? '');
  return words.length === 0 ? undefined : { kind: 'command', command: unwrapped(words) };
}
