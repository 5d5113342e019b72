import { MeshSimError } from '../../base/errors.ts';
import { registryProblems } from '../../capsule/registryRules.ts';
import { registrySchema } from '../../model/registry.ts';
import type * as z from 'zod/mini';
import type { Description, Gap, Said, Sketch } from '../sketch.ts';
import { directoryOf } from './addresses.ts';
import { settledEnv } from './environment.ts';
import { escapedCommand, withPorts } from './commands.ts';
import { settledHealth } from './health.ts';
import { productName, settledNames } from './names.ts';
import { settledPorts } from './ports.ts';

export type RegistryInput = z.input<typeof registrySchema>;
type ServiceInput = RegistryInput['services'][number];

/** A field of the registry, and where its value is from. */
export interface Taken {
  readonly service: string;
  readonly field: string;
  readonly value: string;
  readonly source: string;
}

export interface Settled {
  readonly registry: RegistryInput;
  readonly taken: readonly Taken[];
  readonly gaps: readonly Gap[];
  /** Of no consequence, or told for completeness. One clause each. */
  readonly notes: readonly string[];
  /** Name → value, of secrets whose value is known. They are in no file that is written. */
  readonly secretValues: ReadonlyMap<string, string>;
}

export interface SettleOptions {
  /** What the product is called: its folder, usually. */
  readonly product: string;
  /** Whether services reach each other by name where they are to run. */
  readonly hasNames: boolean;
}

const MOST_SERVICES = 64;

/** One registry of all that was read: names, ports and addresses that fit each other. @throws MeshSimError `source-invalid` */
export function settle(description: Description, options: SettleOptions): Settled {
  const gaps: Gap[] = [...description.gaps];
  const sketches = description.sketches.slice(0, MOST_SERVICES);
  if (description.sketches.length > MOST_SERVICES) {
    gaps.push({
      where: `${description.sketches.length} services`,
      what: `a registry has at most ${MOST_SERVICES}, so the rest is left out`,
      remedy: 'split the product',
    });
  }
  const names = settledNames(sketches);
  const { ports, gaps: portGaps } = settledPorts(sketches);
  gaps.push(...portGaps);
  const directory = directoryOf(sketches, names, ports, options.hasNames);
  const taken: Taken[] = [];
  const secretValues = new Map<string, string>();
  const services = sketches.map((sketch, index): ServiceInput => {
    const name = names[index] ?? sketch.name;
    const note = (field: string, value: unknown, source: string) =>
      taken.push({ service: name, field, value: shown(value), source });
    const own = ports[index] ?? [];
    const say = <T>(field: string, { value, source }: Said<T>): T => {
      note(field, value, source);
      return value;
    };
    const start =
      sketch.program === undefined
        ? { ...sketch.start, value: withPorts(escapedCommand(sketch.start.value), own) }
        : sketch.start;
    const build =
      sketch.build === undefined
        ? undefined
        : { ...sketch.build, value: escapedCommand(sketch.build.value) };
    const { env, secrets, gaps: envGaps } = settledEnv(sketch, index, directory, secretValues);
    const { health, gap } = sketch.once === undefined ? settledHealth(sketch, own) : {};
    gaps.push(...envGaps, ...(gap === undefined ? [] : [gap]));
    const from =
      sketch.program === undefined
        ? {
            path: say('path', sketch.path ?? { value: '.', source: sketch.start.source }),
            ...(sketch.root === undefined ? {} : { root: say('root', sketch.root) }),
          }
        : { program: say('program', sketch.program) };
    return {
      name,
      ...from,
      ...(build === undefined ? {} : { build: say('build', build) }),
      start: say('start', start),
      env: Object.fromEntries(env.map(([key, said]) => [key, say(`env.${key}`, said)])),
      ...(secrets.length === 0
        ? {}
        : { secrets: secrets.map(([key, source]) => say('secrets', { value: key, source })) }),
      ...(own.length === 0
        ? {}
        : {
            ports: Object.fromEntries(
              own.map(({ name: key, number, source }) => [
                key,
                say(`ports.${key}`, { value: number, source }),
              ]),
            ),
          }),
      ...(sketch.once === undefined ? {} : { once: say('once', sketch.once) }),
      ...(health === undefined ? {} : { health: say('health', health) }),
      ...dependsOn(sketch, index, directory.byName, names, say),
    };
  });
  const registry = { name: productName(options.product), services };
  assertSound(registry);
  const notes = [...description.notes, ...missingDependencies(sketches, directory.byName)];
  return { registry, taken, gaps, notes, secretValues };
}

function dependsOn(
  sketch: Sketch,
  self: number,
  byName: ReadonlyMap<string, number>,
  names: readonly string[],
  say: (field: string, said: Said<string>) => string,
): { dependsOn?: string[] } {
  const found = sketch.dependsOn.flatMap(({ value, source }) => {
    const index = byName.get(value.toLowerCase());
    if (index === undefined || index === self) return [];
    return [say('dependsOn', { value: names[index] ?? '', source })];
  });
  return found.length === 0 ? {} : { dependsOn: [...new Set(found)] };
}

/** What services wait for, and is left out. */
function missingDependencies(
  sketches: readonly Sketch[],
  byName: ReadonlyMap<string, number>,
): string[] {
  return sketches.flatMap(({ name, dependsOn: wanted }) =>
    wanted
      .filter(({ value }) => !byName.has(value.toLowerCase()))
      .map(
        ({ value, source }) => `${source}: ${name} does not wait for ${value}, which is left out`,
      ),
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(' ');
  return JSON.stringify(value);
}

/** What is written can be packed, as far as that can be known without git. */
function assertSound(registry: RegistryInput): void {
  const parsed = registrySchema.safeParse(registry);
  const clause = parsed.success
    ? registryProblems(parsed.data)[0]?.clause
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)[0];
  if (clause === undefined) return;
  throw new MeshSimError('source-invalid', `What was read makes no registry, for ${clause}.`);
}
