import type { Gap, ListeningPort } from '../sketch.ts';
import { isRecord, someOf, textOf, type Values } from '../sources/values.ts';

/** Of one entry: a range may name thousands. */
const MOST_PORTS = 16;

const SHORT =
  /^(?:(?:\[[^\]]*\]|[^[\]:]*):)?(?:(\d+(?:-\d+)?|):)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/i;

/** Ports inside the container, which are those the service listens on, of `ports` and then of `expose`. */
export function composePorts(
  service: Values,
  place: string,
): { ports: ListeningPort[]; gaps: Gap[] } {
  const ports: ListeningPort[] = [];
  const gaps: Gap[] = [];
  for (const field of ['ports', 'expose'] as const) {
    for (const [index, entry] of someOf(service[field]).entries()) {
      const source = `${place}.${field}[${index}]`;
      const range = isRecord(entry) ? longForm(entry) : shortForm(textOf(entry) ?? '');
      if (range === undefined) {
        gaps.push({ where: source, what: 'it is no port', remedy: 'write it as "8080:3000"' });
        continue;
      }
      const { first, last, protocol } = range;
      if (protocol !== 'tcp') {
        const what = `${protocol} ports are not declared in a registry`;
        gaps.push({ where: source, what, remedy: 'nothing, unless others have to know it' });
        continue;
      }
      if (last - first >= MOST_PORTS) {
        const what = `of the range ${first}-${last} only the first ${MOST_PORTS} ports are taken`;
        gaps.push({ where: source, what, remedy: 'name further ones by hand' });
      }
      for (let port = first; port <= Math.min(last, first + MOST_PORTS - 1); port += 1) {
        if (!ports.some(({ value }) => value === port)) ports.push({ value: port, source });
      }
    }
  }
  return { ports, gaps };
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
}

function shortForm(text: string): Range | undefined {
  const [, , from, to, protocol = 'tcp'] = SHORT.exec(text.trim()) ?? [];
  return from === undefined ? undefined : checked(Number(from), Number(to ?? from), protocol);
}

function longForm({ target, protocol }: Values): Range | undefined {
  const port = Number(textOf(target));
  return checked(port, port, textOf(protocol) ?? 'tcp');
}

function checked(first: number, last: number, protocol: string): Range | undefined {
  const isPort = (port: number) => Number.isInteger(port) && port > 0 && port < 65_536;
  if (!isPort(first) || !isPort(last) || last < first) return undefined;
  return { first, last, protocol: protocol.toLowerCase() };
}
