import type { CapsuleService } from '../../../../model/capsule.ts';

/** Names of protocols, by IANA number. */
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp' };
const TCP = 6;
/** A service that asks every port of a node must not fill the record with names. */
const MOST_NAMES = 256;

/** More different targets than have a name of their own. */
export const UNNAMED = -1;

/** A port of the registry, and the name people know it by. */
export type PortName = readonly [port: number, name: string];

/** `orders`, or `orders.admin` where a service has several ports; ports that several services have carry all their names. */
export function portNamesOf(services: readonly Pick<CapsuleService, 'name' | 'ports'>[]) {
  const names = new Map<number, string>();
  for (const { name, ports } of services) {
    const entries = Object.entries(ports);
    for (const [port, number] of entries) {
      const own = entries.length === 1 ? name : `${name}.${port}`;
      const other = names.get(number);
      names.set(number, other === undefined ? own : `${other}, ${own}`);
    }
  }
  return [...names] satisfies PortName[];
}

/** Numbers what is spoken to between nodes, and knows what people call it. */
export class TargetNames {
  readonly #ports: ReadonlyMap<number, string>;
  readonly #numbers = new Map<number, number>();
  readonly #names: string[] = [];

  constructor(ports: readonly PortName[]) {
    this.#ports = new Map(ports);
  }

  isKnown(port: number): boolean {
    return this.#ports.has(port);
  }

  /** A number for a port of a protocol (IANA number), the same whenever it is asked for; UNNAMED when there are too many. */
  numberOf(protocol: number, port: number): number {
    const key = protocol * 65_536 + port;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#names.length >= MOST_NAMES) return UNNAMED;
    this.#numbers.set(key, this.#names.length);
    return this.#names.push(this.#nameOf(protocol, port)) - 1;
  }

  nameAt(number: number): string {
    return this.#names[number] ?? '';
  }

  #nameOf(protocol: number, port: number): string {
    const transport = PROTOCOLS[protocol] ?? `protocol ${protocol}`;
    const known = this.#ports.get(port);
    if (known !== undefined) return protocol === TCP ? known : `${known} (${transport})`;
    return port === 0 ? transport : `${transport} ${port}`;
  }
}

/** The names that some columns use, in the order of their first use, and the columns' indices among them. */
export function usedNames(names: TargetNames, numbers: readonly number[]) {
  const used = new Map<number, number>();
  const target = numbers.map((number) => {
    if (number === UNNAMED) return UNNAMED;
    const index = used.get(number) ?? used.size;
    used.set(number, index);
    return index;
  });
  return { targets: [...used.keys()].map((number) => names.nameAt(number)), target };
}
