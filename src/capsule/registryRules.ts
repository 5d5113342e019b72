import { isOfAnswers } from '../model/measuredBy.ts';
import { buildSecretsOf } from '../model/namedSecrets.ts';
import { isAsked, isProgram, type Registry, type Service } from '../model/registry.ts';
import type { Objective } from '../model/objective.ts';
import { checkProblems } from './checkRules.ts';
import { substitute } from './placeholders.ts';
import { usablePatterns } from './rootRules.ts';
import { unknownPlaceholders } from './unknownPlaceholders.ts';

/** Where in the registry, as the keys that lead there, and one clause that says what to do. */
export interface RegistryProblem {
  readonly path: readonly (string | number)[];
  readonly clause: string;
  /** What of the text at that place is wrong; left out: all of it. */
  readonly part?: string;
}

type Rule = (services: readonly Service[]) => Iterable<RegistryProblem>;

/** What a schema cannot say: names that must be unique or known. In the order of the rules, then of the services. */
export function registryProblems(registry: Registry): RegistryProblem[] {
  return [...RULES.flatMap((rule) => [...rule(registry.services)]), ...checkProblems(registry)];
}

const RULES: readonly Rule[] = [
  uniqueNames,
  contentOfItsOwn,
  startsWhatItRequires,
  knownDependencies,
  noCycle,
  healthOrOnce,
  declaredHealthPorts,
  knownPlaceholders,
  somethingToBuild,
  usablePatterns,
  secretsApartFromEnv,
  uniqueObjectives,
  demandingObjectives,
  measurableObjectives,
];

function* uniqueNames(services: readonly Service[]): Iterable<RegistryProblem> {
  const names = services.map(({ name }) => name);
  for (const [at, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first === at) continue;
    const clause = `services[${at}].name "${name}" is already the name of services[${first}]: rename one of them`;
    yield { path: ['services', at, 'name'], clause };
  }
}

/** A Capsule binds commits: of machines' programs alone there is nothing to bind. */
function* contentOfItsOwn(services: readonly Service[]): Iterable<RegistryProblem> {
  if (!services.every((service) => isProgram(service))) return;
  const clause =
    'services has only programs of the machine, so there is nothing of this product to pack: add a service with a "path"';
  yield { path: ['services'], clause };
}

/** Evidence names the file of the program that is required, as the one that ran. */
function* startsWhatItRequires(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, service] of services.entries()) {
    if (!isProgram(service)) continue;
    const { start, program } = service;
    const isNamed = typeof start !== 'string' && start[0] === program.requires;
    if (isNamed || [start].flat().some((text) => hasPlaceholder('program', text))) continue;
    const clause = `services[${index}].start does not execute "${program.requires}", the program that is required: make it a list that begins with that name, or write \${program} where it is executed`;
    yield { path: ['services', index, 'start'], clause };
  }
}

/** Whether a text has the placeholder. */
function hasPlaceholder(placeholder: string, text: string): boolean {
  let found = false;
  const lookup = (name: string) => {
    found ||= name === placeholder;
    return '';
  };
  substitute(text, lookup, () => '');
  return found;
}

function* knownDependencies(services: readonly Service[]): Iterable<RegistryProblem> {
  const names = new Set(services.map(({ name }) => name));
  for (const [index, service] of services.entries()) {
    for (const [at, name] of service.dependsOn.entries()) {
      if (names.has(name)) continue;
      const clause =
        `services[${index}].dependsOn[${at}] is "${name}", which is no service here: ` +
        `correct it to one of ${[...names].join(', ')}`;
      yield { path: ['services', index, 'dependsOn', at], clause };
    }
  }
}

/** The first circle only: breaking it may break the others. */
function* noCycle(services: readonly Service[]): Iterable<RegistryProblem> {
  const dependencies = new Map(services.map(({ name, dependsOn }) => [name, dependsOn]));
  const finished = new Set<string>();
  const cycleFrom = (name: string, trail: readonly string[]): string[] | undefined => {
    if (finished.has(name)) return undefined;
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    for (const next of dependencies.get(name) ?? []) {
      const cycle = cycleFrom(next, [...trail, name]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(name);
    return undefined;
  };
  for (const { name } of services) {
    const cycle = cycleFrom(name, []);
    if (cycle === undefined) continue;
    const at = services.findIndex((service) => service.name === cycle[0]);
    const clause = `the services depend on each other in a circle (dependsOn: ${cycle.join(' -> ')}), so none can start first: break it`;
    yield { path: ['services', at, 'dependsOn'], clause };
    return;
  }
}

/** Only a service that ends can do without a question. */
function* healthOrOnce(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, { once = false, daemon = false, health }] of services.entries()) {
    const place = `services[${index}].health`;
    const path = ['services', index, 'health'];
    if (once && daemon) {
      const clause = `services[${index}] says both "once" and "daemon", and either ends with its work or goes on: remove one`;
      yield { path: ['services', index, 'daemon'], clause };
    }
    if (once && isAsked(health)) {
      const clause = `${place} asks a one-shot service ("once"), which is healthy once it has exited with 0: leave it out, or give "deadlineMs" alone`;
      yield { path, clause };
    } else if (!once && !isAsked(health)) {
      const clause = `${place} must have exactly one of "http", "tcp" or "command": add one, or say "once": true of a service that does its work and ends`;
      yield { path, clause };
    }
  }
}

function* declaredHealthPorts(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, { health, ports }] of services.entries()) {
    const probe = 'http' in health ? 'http' : 'tcp' in health ? 'tcp' : undefined;
    if (probe === undefined) continue;
    const port = 'http' in health ? health.http.port : 'tcp' in health ? health.tcp.port : '';
    if (Object.hasOwn(ports, port)) continue;
    const clause = `services[${index}].health.${probe}.port is "${port}", which services[${index}].ports does not declare: add it there`;
    yield { path: ['services', index, 'health', probe, 'port'], clause };
  }
}

function* knownPlaceholders(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, service] of services.entries()) {
    for (const { path, placeholder, why } of unknownPlaceholders(service, services)) {
      const clause = `services[${index}].${path.join('.')} uses ${placeholder}, ${why}`;
      yield { path: ['services', index, ...path], clause, part: placeholder };
    }
  }
}

/** What only a build has a use for. */
function* somethingToBuild(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, service] of services.entries()) {
    if (isProgram(service) || service.build !== undefined) continue;
    for (const key of ['buildIn', 'buildDeadlineMs', 'buildSecrets'] as const) {
      if (service[key] === undefined) continue;
      const clause = `services[${index}].${key} is for a build, and the service has none: add "build" or remove it`;
      yield { path: ['services', index, key], clause };
    }
  }
}

function* secretsApartFromEnv(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, service] of services.entries()) {
    for (const key of ['secrets', 'buildSecrets'] as const) {
      const names = key === 'secrets' ? service.secrets : buildSecretsOf(service);
      for (const [at, name] of names.entries()) {
        if (!Object.hasOwn(service.env, name)) continue;
        const clause = `services[${index}] names "${name}" both in env and in ${key}: a value in env would be public, so remove one`;
        yield { path: ['services', index, key, at], clause };
      }
    }
  }
}

/** An indicator goes by the name of its objective. */
function* uniqueObjectives(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, { objectives }] of services.entries()) {
    const names = objectives.map(({ name }) => name);
    for (const [at, name] of names.entries()) {
      if (names.indexOf(name) === at) continue;
      const clause = `services[${index}] states two objectives called "${name}": rename one of them`;
      yield { path: ['services', index, 'objectives', at, 'name'], clause };
    }
  }
}

/** One that the worst service keeps, or that the best cannot, was meant otherwise. */
function* demandingObjectives(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, { objectives }] of services.entries()) {
    for (const [at, { metric, comparator, threshold }] of objectives.entries()) {
      const place = `services[${index}].objectives[${at}]`;
      const isShare = metric === 'availability-percent';
      const meant = isShare ? '>=' : '<=';
      if (comparator !== meant) {
        const clause = `${place}.comparator is "${comparator}", so the worse "${metric}" is, the better: write "${meant}"`;
        yield { path: ['services', index, 'objectives', at, 'comparator'], clause };
      } else if (isShare && threshold > 100) {
        const clause = `${place}.threshold is ${threshold}, more than all: write at most 100`;
        yield { path: ['services', index, 'objectives', at, 'threshold'], clause };
      }
    }
  }
}

function* measurableObjectives(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, service] of services.entries()) {
    for (const [at, objective] of service.objectives.entries()) {
      const { metric } = objective;
      if (!isAsked(service.health) && isOfAnswers(metric)) {
        const clause = `services[${index}].objectives[${at}].metric is "${metric}", which takes answers, and a one-shot service gives none: remove it`;
        yield { path: ['services', index, 'objectives', at, 'metric'], clause };
        continue;
      }
      const why = whyNotMeasuredSo(service, objective, `services[${index}]`, services.length);
      if (why === undefined) continue;
      const clause = `services[${index}].objectives[${at}].measuredBy is "${objective.measuredBy ?? ''}", but ${why}`;
      yield { path: ['services', index, 'objectives', at, 'measuredBy'], clause };
    }
  }
}

/** Only what an objective asks for can contradict; what it leaves open is measured as its service allows. */
function whyNotMeasuredSo(
  { name, health, ports }: Service,
  { metric, measuredBy }: Objective,
  place: string,
  serviceCount: number,
): string | undefined {
  if (measuredBy === undefined) return undefined;
  if (!isOfAnswers(metric)) {
    return `"${metric}" follows from starts and crashes alone: remove it`;
  }
  if (measuredBy === 'probes') {
    if (!('command' in health)) return undefined;
    return `${place}.health is a command, which other nodes cannot ask: write "calls", or give it an http or tcp check`;
  }
  if (Object.keys(ports).length === 0) {
    return `${place}.ports is empty, so that nobody can call "${name}": declare its port, or write "probes"`;
  }
  return serviceCount > 1
    ? undefined
    : `there is no other service that could call "${name}": write "probes"`;
}
