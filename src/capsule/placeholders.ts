import { MeshSimError } from '../base/errors.ts';
import { toldPeers, type Peer } from './peers.ts';

export interface PlaceholderValues {
  /** Ports of the service itself on this node, by port name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ports of every service on this node: service name → port name → port. */
  readonly servicePorts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly nodeId: string;
  /** The host's own search path, for services that start programs. */
  readonly hostPath: string;
  /** Home folder of whoever runs the node. */
  readonly hostHome: string;
  /** A folder of the service that stays when its node is started again. */
  readonly stateFolder: string;
  /** Where the machine has the program of the service; left out: nobody may ask. */
  readonly program?: string | undefined;
  /** Left out: there is no node but this one. */
  readonly mesh?: MeshValues;
}

export interface MeshValues {
  /** Of this node, at which other nodes reach its services. */
  readonly address: string;
  /** The nodes that run a service, ascending. @throws MeshSimError where they cannot be told */
  readonly peers: (service: string) => readonly Peer[];
  /** What a text is here that calls services by name and port; left out: as it stands, since names lead there. */
  readonly named?: (text: string) => string;
}

export interface NamedPorts {
  readonly name: string;
  readonly ports: Readonly<Record<string, number>>;
}

export interface ServiceEnv extends NamedPorts {
  readonly env: Readonly<Record<string, string>>;
}

/** `$${` is a literal `${`; a `${` that never closes is a placeholder that nobody knows. */
const PLACEHOLDER = /\$\$\{|\$\{((?:[^{}]|\{[^{}]*\})*)(\}?)/g;

export type Lookup = (name: string) => string | undefined;

/**
 * The whole environment of a service on one node, placeholders replaced.
 * @throws MeshSimError `registry-invalid` naming service, variable and placeholder when one is unknown.
 */
export function resolveEnv(service: ServiceEnv, values: PlaceholderValues): Record<string, string> {
  const lookup = lookupIn(values);
  const named = namedIn(values);
  return Object.fromEntries(
    Object.entries(service.env).map(([variable, text]) => [
      variable,
      named(
        substitute(text, lookup, (placeholder) => {
          throw new MeshSimError(
            'registry-invalid',
            `Service "${service.name}" uses ${placeholder} in env.${variable}, ${whyUnknown(placeholder)}.`,
          );
        }),
      ),
    ]),
  );
}

/** What names of services in a text are on this node. */
export function namedIn({ mesh }: Pick<PlaceholderValues, 'mesh'>): (text: string) => string {
  return mesh?.named ?? ((text) => text);
}

/** One clause. */
export function whyUnknown(placeholder: string): string {
  if (/^\$\{peers:[^|]*\|/.test(placeholder)) {
    return 'which names no port of a service, or has another field than {id}, {host} and {port}: correct it';
  }
  return (
    'which means nothing here: use ${port:NAME}, ${service:NAME.PORT}, ${peers:NAME.PORT}, ${node.id}, ${node.index}, ' +
    '${node.address}, ${host.path}, ${host.home} or ${state}, or write $${ for a literal ${'
  );
}

export function substitute(
  text: string,
  lookup: Lookup,
  unknown: (placeholder: string) => string,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string | undefined, close: string | undefined) => {
    if (name === undefined) return '${';
    const value = close === '}' ? lookup(name) : undefined;
    return value ?? unknown(whole);
  });
}

export function lookupIn(values: PlaceholderValues): Lookup {
  return (name) => {
    if (name === 'node.id') return values.nodeId;
    if (name === 'node.index') return values.nodeId.slice(1);
    if (name === 'host.path') return values.hostPath;
    if (name === 'host.home') return values.hostHome;
    if (name === 'state') return values.stateFolder;
    if (name === 'program') return values.program;
    if (name === 'node.address') return values.mesh?.address ?? LOOPBACK;
    if (name.startsWith('peers:')) return peersIn(values, name.slice('peers:'.length));
    if (name.startsWith('port:')) return portIn(values.ports, name.slice('port:'.length));
    if (!name.startsWith('service:')) return undefined;
    return servicePortIn(values, name.slice('service:'.length));
  };
}

const LOOPBACK = '127.0.0.1';

/** `name`: "etcd.peer", or with a pattern "etcd.peer|{id}=http://{host}:{port}". */
function peersIn(values: PlaceholderValues, name: string): string | undefined {
  const bar = name.indexOf('|');
  const place = bar < 0 ? name : name.slice(0, bar);
  const port = servicePortIn(values, place);
  if (port === undefined) return undefined;
  const [service = ''] = place.split('.', 1);
  const peers = values.mesh?.peers(service) ?? [{ id: values.nodeId, host: LOOPBACK }];
  return toldPeers(peers, port, bar < 0 ? undefined : name.slice(bar + 1));
}

/** `name`: "orders.http". */
function servicePortIn({ servicePorts }: PlaceholderValues, name: string): string | undefined {
  const [service = '', port = ''] = name.split('.', 2);
  const ports = Object.hasOwn(servicePorts, service) ? servicePorts[service] : undefined;
  return name === `${service}.${port}` && ports !== undefined ? portIn(ports, port) : undefined;
}

function portIn(ports: Readonly<Record<string, number>>, name: string): string | undefined {
  return Object.hasOwn(ports, name) ? String(ports[name]) : undefined;
}
