import type { NamedPorts } from './placeholders.ts';

/** Service → port name → port. */
type Ports = Readonly<Record<string, Readonly<Record<string, number>>>>;

const LOOPBACK = '127.0.0.1';

/**
 * What `http://orders:7302` is where no name server knows services, or where they listen at other ports than the registry's: the
 * place at which the service of this node is found. Only `name:port` as a whole is one, with a port of that service.
 * @param services those of this node, with the ports of the registry
 */
export function namesReplaced(
  services: readonly NamedPorts[],
  portsHere: Ports,
): (text: string) => string {
  const places = services.map(({ name, ports }) => {
    const here = portsHere[name] ?? {};
    const known = new Map(Object.values(here).map((port) => [port, port]));
    for (const [port, number] of Object.entries(ports)) known.set(number, here[port] ?? number);
    const pattern = `(?<![\\w.-])${name.replaceAll('.', '\\.')}(?:\\.mesh)?:(\\d+)(?!\\d)`;
    return { pattern: new RegExp(pattern, 'g'), known };
  });
  return (text) =>
    places.reduce(
      (told, { pattern, known }) =>
        told.replace(pattern, (whole, port: string) => {
          const here = known.get(Number(port));
          return here === undefined ? whole : `${LOOPBACK}:${here}`;
        }),
      text,
    );
}
