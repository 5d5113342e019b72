import { socketsOf, type Socket } from '../../agent/box/socketTable.ts';
import { registryPorts } from '../../agent/services/servicePorts.ts';
import type { CapsuleService } from '../../model/capsule.ts';
import type { Connections, MeshEventBody } from '../../model/events.ts';
import { CONNECTION_STATUSES } from '../../model/connectionStatus.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { isPlacedOn } from '../../model/placement.ts';
import type { Plan } from '../../model/plan.ts';
import type { NodeRecord } from './nodeRecord.ts';
import { portNamesOf } from './switch/traffic/targetNames.ts';

interface RegistryPorts {
  readonly services: readonly Pick<CapsuleService, 'name' | 'ports'>[];
}

export interface LoopbackOnlyOptions {
  readonly nodes: readonly Pick<NodeRecord, 'index' | 'surroundings'>[];
  /** The run. */
  readonly of: {
    readonly capsule: { readonly manifest: RegistryPorts };
    readonly plan: Pick<Plan, 'placement'>;
  };
  readonly emit: (body: MeshEventBody) => void;
  /** Listening sockets and others, in the network of a process. */
  readonly sockets?: (pid: number) => readonly Pick<Socket, 'address' | 'port' | 'listens'>[];
}

interface Place {
  readonly service: string;
  readonly port: number;
  readonly node: number;
  /** Where it listens there. */
  readonly at: string;
}

const REFUSED = CONNECTION_STATUSES.indexOf('refused');
/** As programs of all languages say of a connection. */
const SAYS_REFUSED = /ECONNREFUSED|connection refused/i;

/**
 * Services that are healthy, for their own node asks them at 127.0.0.1, and refused to all others, for they listen nowhere else.
 * Looked for where a connection was refused: who calls such a service sees no more than that.
 */
export class LoopbackOnly {
  readonly #options: LoopbackOnlyOptions;
  readonly #services: RegistryPorts['services'];
  readonly #portOf: ReadonlyMap<string, number>;
  readonly #found = new Map<string, Place>();
  /** Of each node, the ports of others that refused it. */
  readonly #refusedTo = new Map<number, Set<string>>();

  constructor(options: LoopbackOnlyOptions) {
    this.#options = options;
    this.#services = options.of.capsule.manifest.services;
    this.#portOf = new Map(portNamesOf(this.#services).map(([port, name]) => [name, port]));
  }

  /** Looks at what refused a connection over the wire. */
  note({ targets, target, link, status }: Connections): void {
    const nodes = this.#options.nodes.length;
    for (const [at, one] of status.entries()) {
      const port = this.#portOf.get(targets[target[at] ?? -1] ?? '');
      const crossed = link[at];
      if (one !== REFUSED || port === undefined || crossed === undefined) continue;
      const [client, server] = [Math.floor(crossed / nodes), crossed % nodes];
      this.#look(server, port);
      const refused = this.#refusedTo.get(client) ?? new Set();
      this.#refusedTo.set(client, refused.add(`${server} ${port}`));
    }
  }

  /** The sentence with which a node failed, and behind it what of other nodes had refused its services for this reason. */
  withReason({ index }: Pick<NodeRecord, 'index'>, sentence: string): string {
    // It may end over a refusal before the network tells of it.
    if (SAYS_REFUSED.test(sentence)) this.#lookElsewhere(index);
    const places = [...this.#found].flatMap(([key, place]) => {
      const isMet = this.#refusedTo.get(index)?.has(key) === true || SAYS_REFUSED.test(sentence);
      return isMet && place.node !== index ? [place] : [];
    });
    return [sentence, ...sentencesOf(places)].join(' ');
  }

  /** One sentence for each of these services that was found, with its nodes. */
  sentencesOf(services: readonly string[]): string[] {
    return sentencesOf(
      [...this.#found.values()].filter(({ service }) => services.includes(service)),
    );
  }

  #lookElsewhere(caller: number): void {
    for (const { name, ports } of this.#services) {
      if (this.#isPlaced(name, caller)) continue;
      for (const { index } of this.#options.nodes) {
        if (this.#isPlaced(name, index)) {
          for (const port of Object.values(ports)) this.#look(index, port);
        }
      }
    }
  }

  #look(node: number, port: number): void {
    const key = `${node} ${port}`;
    const { nodes, emit, sockets = (pid: number) => socketsOf(pid, 'tcp') } = this.#options;
    const pid = nodes[node]?.surroundings.at(-1)?.pid;
    if (pid === undefined || this.#found.has(key)) return;
    const here = this.#services.filter(({ name }) => this.#isPlaced(name, node));
    // Its ports are other ones there than those of the registry.
    if (registryPorts(this.#services, here) === undefined) return;
    const service = here.find(({ ports }) => Object.values(ports).includes(port))?.name;
    const at = loopbackOf(sockets(pid).filter((one) => one.listens && one.port === port));
    if (service === undefined || at === undefined) return;
    const place = { service, port, node, at };
    this.#found.set(key, place);
    const [text = ''] = sentencesOf([place]);
    emit({ type: 'log', nodeId: nodeIdOf(node), service, status: 'agent', text });
  }

  #isPlaced(service: string, node: number): boolean {
    return isPlacedOn(this.#options.of.plan.placement, service, nodeIdOf(node));
  }
}

function sentencesOf(places: readonly Place[]): string[] {
  const alike = new Map<string, number[]>();
  for (const { service, port, node, at } of places) {
    const what = `Service "${service}" listens on ${at} only (port ${port})`;
    alike.set(what, [...(alike.get(what) ?? []), node]);
  }
  return [...alike].map(([what, nodes]) => {
    const where = [...nodes].sort((one, other) => one - other).map(nodeIdOf);
    return `${what} on ${where.join(', ')}, where no other node reaches it: have it listen on 0.0.0.0.`;
  });
}

/** Undefined: nothing listens there, or not on loopback alone. */
function loopbackOf(listening: readonly Pick<Socket, 'address'>[]): string | undefined {
  const at = listening.map(({ address }) => loopbackAddress(address));
  return at.length === 0 || at.includes(undefined) ? undefined : [...new Set(at)].join(' and ');
}

const LOOPBACK_V6 = '00000000000000000000000001000000';
/** `::ffff:127.…`; the bytes of each four are in the machine's order, the lowest first on all that this runs on. */
const LOOPBACK = /^(?:0{16}FFFF0000)?([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})7F$/;

function loopbackAddress(address: string): string | undefined {
  if (address === LOOPBACK_V6) return '::1';
  const bytes = LOOPBACK.exec(address)?.slice(1);
  return (
    bytes &&
    `127.${bytes
      .map((byte) => Number.parseInt(byte, 16))
      .reverse()
      .join('.')}`
  );
}
