import type { Command } from '../../../model/registry.ts';
import { unwrapped } from '../../compose/composeService.ts';
import type { ProductFiles } from '../../files/productFiles.ts';
import { dockerfileIn } from '../../programs/imageProgram.ts';
import { ownProgram, programIn } from '../../programs/programIn.ts';
import { adaptedHealth } from '../../programs/program.ts';
import { scanSources } from '../../programs/sourceScan.ts';
import type { Description, Gap, MachineFacts, Sketch } from '../../sketch.ts';
import { backingOf, imageName } from '../backing.ts';
import { backingService } from '../backingService.ts';
import { codeFolderNamed } from '../codeFolder.ts';
import { listOf, recordOf, textOf, type Values } from '../values.ts';
import { yamlDocuments } from '../yamlText.ts';
import { envOf } from './containerEnv.ts';
import { portsOf, servicesOf } from './containerPorts.ts';
import { healthOf } from './probes.ts';
import { gapOf, resourceOf, type Resource } from './resources.ts';

/** @throws MeshSimError `source-invalid` */
export function describeKubernetes(
  files: ProductFiles,
  names: readonly string[],
  machine: MachineFacts,
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
        machine,
      });
      gaps.push(...one.gaps);
      if (one.sketch !== undefined) sketches.push(one.sketch);
    }
  }
  return { sketches, gaps, notes: [] };
}

interface ContainerPlace {
  readonly workload: Resource;
  readonly container: Values;
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly labels: Values;
  readonly machine: MachineFacts;
}

function describeContainer(
  files: ProductFiles,
  where: ContainerPlace,
): { sketch?: Sketch; gaps: Gap[] } {
  const { workload, container, name, resources, labels, machine } = where;
  const place = `${workload.file}, ${workload.kind} ${workload.name}`;
  const image = textOf(container.image) ?? '';
  const backing = backingOf(image);
  if (backing !== undefined) {
    const { knownAs, aliases } = servicesOf(resources, labels, container);
    const { entrypoint = [], command = [] } = commandOf(container);
    const { env, secrets } = envOf(container, workload, resources);
    const environment = new Map([...env].map(([variable, { value }]) => [variable, value]));
    for (const [variable, { value }] of secrets) environment.set(variable, value ?? '');
    const said = [entrypoint, command].flat();
    const own = {
      ...{
        name,
        place,
        knownAs,
        aliases,
        environment,
        image: { value: image, source: `${place}, image` },
      },
      command: said.length === 0 ? undefined : { value: said, source: `${place}, command` },
    };
    return backingService(own, backing, machine);
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
  const asked = healthOf(container, place);
  const health =
    asked === undefined || program === undefined
      ? (asked ?? program?.health)
      : adaptedHealth(asked, program);
  const sketch: Sketch = {
    name,
    aliases,
    path: { value: program?.path ?? folder, source: `${place}, image` },
    ...(program?.root === undefined ? {} : { root: program.root }),
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
