import type { Registry, Service } from '../model/registry.ts';
import { unknownPlaceholders } from './placeholders.ts';

type Rule = (services: readonly Service[]) => string | undefined;

/** What a schema cannot say: names that must be unique or known. The first problem as one clause, or undefined. */
export function registryProblem({ services }: Registry): string | undefined {
  for (const rule of RULES) {
    const problem = rule(services);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const RULES: readonly Rule[] = [
  uniqueNames,
  knownDependencies,
  noCycle,
  declaredHealthPorts,
  knownPlaceholders,
  secretsApartFromEnv,
];

function uniqueNames(services: readonly Service[]): string | undefined {
  const names = services.map(({ name }) => name);
  const at = names.findIndex((name, index) => names.indexOf(name) !== index);
  const name = names[at];
  return name === undefined
    ? undefined
    : `services[${at}].name "${name}" is already the name of services[${names.indexOf(name)}]: rename one of them`;
}

function knownDependencies(services: readonly Service[]): string | undefined {
  const names = new Set(services.map(({ name }) => name));
  for (const [index, service] of services.entries()) {
    const at = service.dependsOn.findIndex((name) => !names.has(name));
    if (at >= 0) {
      return (
        `services[${index}].dependsOn[${at}] is "${service.dependsOn[at] ?? ''}", which is no service here: ` +
        `correct it to one of ${[...names].join(', ')}`
      );
    }
  }
  return undefined;
}

function noCycle(services: readonly Service[]): string | undefined {
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
    if (cycle !== undefined) {
      return `the services depend on each other in a circle (dependsOn: ${cycle.join(' -> ')}), so none can start first: break it`;
    }
  }
  return undefined;
}

function declaredHealthPorts(services: readonly Service[]): string | undefined {
  for (const [index, { health, ports }] of services.entries()) {
    const probe = 'http' in health ? 'http' : 'tcp' in health ? 'tcp' : undefined;
    if (probe === undefined) continue;
    const port = 'http' in health ? health.http.port : 'tcp' in health ? health.tcp.port : '';
    if (!Object.hasOwn(ports, port)) {
      return `services[${index}].health.${probe}.port is "${port}", which services[${index}].ports does not declare: add it there`;
    }
  }
  return undefined;
}

function knownPlaceholders(services: readonly Service[]): string | undefined {
  for (const [index, service] of services.entries()) {
    const [first] = unknownPlaceholders(service, services);
    if (first !== undefined) {
      return (
        `services[${index}].env.${first.variable} uses ${first.placeholder}, which means nothing here: use ` +
        '${port:NAME}, ${service:NAME.PORT}, ${node.id} or ${host.path}, or write $${ for a literal ${'
      );
    }
  }
  return undefined;
}

function secretsApartFromEnv(services: readonly Service[]): string | undefined {
  for (const [index, { secrets, env }] of services.entries()) {
    const name = secrets.find((secret) => Object.hasOwn(env, secret));
    if (name !== undefined) {
      return `services[${index}] names "${name}" both in env and in secrets: a value in env would be public, so remove one`;
    }
  }
  return undefined;
}
