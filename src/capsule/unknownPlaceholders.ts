import { isProgram, migrationOf, seedOf, type Command, type Service } from '../model/registry.ts';
import { sharedLookup, unknownInCommand } from './commandPlaceholders.ts';
import { lookupIn, substitute, whyUnknown, type NamedPorts } from './placeholders.ts';

export interface UnknownPlaceholder {
  /** Keys that lead there from the service. */
  readonly path: readonly string[];
  readonly placeholder: string;
  /** One clause. */
  readonly why: string;
}

/** Every placeholder of a service that no node could replace: in `env`, then `build`, `start`, `migrate`, `seedState` and `health.command`. */
export function unknownPlaceholders(
  service: Pick<Service, 'ports' | 'env' | 'start' | 'health' | 'migrate' | 'seedState'> & {
    readonly build?: Command | undefined;
  },
  services: readonly NamedPorts[],
): UnknownPlaceholder[] {
  const values = {
    ports: service.ports,
    servicePorts: Object.fromEntries(services.map(({ name, ports }) => [name, ports])),
    nodeId: 'n0',
    hostPath: '',
    hostHome: '',
    stateFolder: '',
  };
  const lookup = lookupIn(values);
  const inCommands = lookupIn(isProgram(service) ? { ...values, program: '' } : values);
  const { env, build, start, health } = service;
  const found: UnknownPlaceholder[] = [];
  const note = (path: readonly string[], placeholder: string) =>
    found.push({ path, placeholder, why: whyUnknown(placeholder) });
  for (const [variable, text] of Object.entries(env)) {
    substitute(text, lookup, (placeholder) => {
      note(['env', variable], placeholder);
      return '';
    });
  }
  for (const placeholder of build === undefined
    ? []
    : unknownInCommand(build, sharedLookup('', ''))) {
    const isPerNode = lookup(placeholder.slice(2, -1)) !== undefined;
    if (isPerNode) found.push({ path: ['build'], placeholder, why: SHARED });
    else note(['build'], placeholder);
  }
  for (const placeholder of unknownInCommand(start, inCommands)) note(['start'], placeholder);
  for (const [key, of] of [
    ['migrate', migrationOf(service)],
    ['seedState', seedOf(service)],
  ] as const) {
    const place = service[key] === of?.run ? [key] : [key, 'run'];
    const unknown = of === undefined ? [] : unknownInCommand(of.run, inCommands);
    for (const placeholder of unknown) note(place, placeholder);
  }
  if ('command' in health) {
    for (const placeholder of unknownInCommand(health.command, inCommands)) {
      note(['health', 'command'], placeholder);
    }
  }
  return found;
}

const SHARED =
  'but all nodes share what a build makes: use only ${host.path} and ${host.home} there, and the rest in start or env';
