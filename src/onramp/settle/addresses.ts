import type { Sketch } from '../sketch.ts';
import type { SettledPort } from './ports.ts';

/** Where other services are, for the values of an environment. */
export interface Directory {
  /** Every name by which a service is known, in lower case → its place among the sketches. */
  readonly byName: ReadonlyMap<string, number>;
  readonly sketches: readonly Sketch[];
  readonly names: readonly string[];
  readonly ports: readonly (readonly SettledPort[])[];
  /** Whether the name of a service leads to it where it is to run; else it is looked for on the loopback interface. */
  readonly hasNames: boolean;
}

export function directoryOf(
  sketches: readonly Sketch[],
  names: readonly string[],
  ports: readonly (readonly SettledPort[])[],
  hasNames: boolean,
): Directory {
  const byName = new Map<string, number>();
  for (const [index, sketch] of sketches.entries()) {
    for (const name of [sketch.name, ...sketch.aliases, names[index] ?? '']) {
      if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), index);
    }
  }
  return { byName, sketches, names, ports, hasNames };
}

const ADDRESS = /(^|[/@,;=\s])([A-Za-z][\w-]*)((?:\.[\w-]+)*)(?::(\d{1,5}))?(?=$|[/?,;\s])/g;
const LOOPBACK = /\b(localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b/g;

/**
 * A value with the addresses of other services as they are in a rehearsal: their names, and their ports by name, so that they
 * hold whatever numbers a machine gives.
 * @param self whose environment it is
 */
export function withAddresses(text: string, self: number, directory: Directory): string {
  const named = text.replace(
    ADDRESS,
    (whole, before: string, host: string, domain: string, port: string | undefined, at: number) => {
      const isAddress =
        port !== undefined || text.slice(0, at + before.length).endsWith('//') || before === '@';
      const index = directory.byName.get(host.toLowerCase());
      const isOurs = domain === '' || /^\.[\w-]+(\.svc(\.[\w.-]+)?)?$/.test(domain);
      if (index === undefined || !isAddress || !isOurs) return whole;
      const name = directory.hasNames ? (directory.names[index] ?? host) : '127.0.0.1';
      const number = port === undefined ? impliedPort(text) : Number(port);
      const reference =
        number === undefined ? undefined : portReference(number, index, self, directory);
      if (reference !== undefined) return `${before}${name}:${reference}`;
      return `${before}${name}${port === undefined ? '' : `:${port}`}`;
    },
  );
  return named.replace(LOOPBACK, (whole, host: string, port: string) => {
    for (const index of [self, ...directory.sketches.keys()]) {
      const reference = portReference(Number(port), index, self, directory);
      if (reference !== undefined) return `${host}:${reference}`;
    }
    return whole;
  });
}

/** A host that stands alone: `DB_HOST=orders_db`. */
export function withHost(text: string, directory: Directory): string {
  const index = directory.byName.get(text.toLowerCase());
  if (index === undefined) return text;
  return directory.hasNames ? (directory.names[index] ?? text) : '127.0.0.1';
}

function impliedPort(text: string): number | undefined {
  if (/^\s*http:\/\//.test(text)) return 80;
  return /^\s*https:\/\//.test(text) ? 443 : undefined;
}

function portReference(
  number: number,
  index: number,
  self: number,
  { sketches, names, ports }: Directory,
): string | undefined {
  const meant = sketches[index]?.knownAs?.get(number) ?? number;
  const port = ports[index]?.find(({ original }) => original === meant);
  if (port === undefined) return undefined;
  return index === self
    ? `\${port:${port.name}}`
    : `\${service:${names[index] ?? ''}.${port.name}}`;
}
