import dns from 'node:dns';
import type net from 'node:net';
import { denyingPattern, plainHost } from '../../model/hostPattern.ts';
import { addressPattern } from '../guard/deniedAddresses.ts';
import type { Attempt } from '../guard/orders.ts';
import type { NameFaults } from './nameFaults.ts';
import { FAILED, serveNames } from './nameServer.ts';
import type { Box } from './box.ts';
import { passOn, passOnTo } from './passOn.ts';
import { serviceOfSocket } from './socketOwner.ts';
import { StandIns } from './standIns.ts';

const NAME_SERVICE_PORT = 53;
/** What a resolver asks when its configuration names nobody (resolv.conf(5)). */
const DEFAULT_NAME_SERVER = '127.0.0.1';

/** Services of a node, for whoever is in another place of it. */
export interface ServingPlace {
  /** The node's address in the mesh. */
  readonly address: string;
  readonly ports: readonly number[];
  /** Connects to one of these ports of what serves at present. @throws Error with the system's code */
  readonly connect: (port: number) => Promise<net.Socket>;
}

export interface GatewayOptions {
  readonly box: Pick<Box, 'doorway' | 'pid'>;
  /** Host patterns nobody may reach. */
  readonly deny: readonly string[];
  /** The pattern of an address → the denied host it belongs to; those that turn up are added. Nobody may reach them. */
  readonly owners: Map<string, string>;
  /** Ports at which hosts outside can be reached. */
  readonly ports: readonly number[];
  /** `service`: undefined when its process could not be found out. */
  readonly onDenied: (service: string | undefined, attempt: Attempt) => void;
  /** The addresses of a name of the mesh; undefined: it is none. */
  readonly meshAddresses: (name: string) => readonly string[] | undefined;
  /** Services of the node that run in another place of it, asked at its own addresses; left out: none do. */
  readonly services?: ServingPlace | undefined;
  /** What chaos does to answers. */
  readonly nameFaults?: Pick<NameFaults, 'answers'>;
  /** How the host looks up names. @throws Error when there is no such name */
  readonly lookup?: (name: string) => Promise<readonly dns.LookupAddress[]>;
}

/**
 * The one way out of a box. It answers every name with an address that stands for it, so that it knows whom a program
 * means; takes connections to any address at the ports it has; and passes on what is not denied.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #lookup: NonNullable<GatewayOptions['lookup']>;
  readonly #standIns = new StandIns();
  readonly #closers: (() => void)[] = [];

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#lookup = options.lookup ?? ((name) => dns.promises.lookup(name, { all: true }));
  }

  /** @throws Error with the system's code when a socket cannot be had */
  async open(): Promise<void> {
    await Promise.all([
      this.#serveNames(),
      this.#options.box.doorway.serve(this.#ports, (inside) => void this.#pass(inside)),
    ]);
  }

  get #ports(): number[] {
    const { ports, services } = this.#options;
    return [...new Set([...ports, ...(services?.ports ?? [])])];
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  /** One that cannot be stood in for (of a link, say) is passed over by programs too, if there is another. */
  async #serveNames(): Promise<void> {
    const tried = await Promise.allSettled(
      nameServers().map((address) => this.#serveNamesAt(address)),
    );
    const failed = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    const [failure] = failed;
    if (failure !== undefined && failed.length === tried.length) throw failure;
  }

  async #serveNamesAt(address: string): Promise<void> {
    const socket = await this.#options.box.doorway.datagrams(address, NAME_SERVICE_PORT);
    this.#closers.push(() => socket.close());
    serveNames(socket, (name, port) => this.#answerTo(name, port));
  }

  async #answerTo(name: string, askerPort: number) {
    const answers = (await this.#options.nameFaults?.answers(name)) ?? true;
    return answers ? this.#addressesOf(name, askerPort) : FAILED;
  }

  /** The addresses that stand for a name that may be reached, or may at some port; undefined: it has none for anybody in here. */
  async #addressesOf(name: string, askerPort: number): Promise<readonly string[] | undefined> {
    const inMesh = this.#options.meshAddresses(name);
    if (inMesh !== undefined && this.#denying({ host: name }) === undefined) return inMesh;
    const found = await this.#permitted({ host: name });
    if (found === 'unknown') return undefined;
    if (!('denied' in found)) {
      const standIn = this.#standIns.addressOf(name);
      return standIn === undefined ? undefined : [standIn];
    }
    this.#options.onDenied(this.#serviceOf('udp', askerPort), found.denied);
    await this.#learn(name);
    return undefined;
  }

  async #pass(inside: net.Socket): Promise<void> {
    inside.on('error', () => inside.destroy());
    const { localAddress = '', localPort: port = 0, remotePort = 0 } = inside;
    const address = plainHost(localAddress);
    const { services } = this.#options;
    const isOwn = address === services?.address || isLoopback(address);
    if (services?.ports.includes(port) === true && isOwn) {
      passOnTo(inside, () => services.connect(port));
      return;
    }
    const host = this.#standIns.nameOf(address) ?? address;
    const found = await this.#permitted({ host, port });
    if (found === 'unknown') inside.resetAndDestroy();
    else if ('denied' in found) {
      this.#options.onDenied(this.#serviceOf('tcp', remotePort), found.denied);
      inside.resetAndDestroy();
    } else passOn(inside, { host, port, addresses: found });
  }

  /** The addresses of a host that may be reached. */
  async #permitted(
    target: Attempt,
  ): Promise<'unknown' | { readonly denied: Attempt } | readonly dns.LookupAddress[]> {
    if (this.#denying(target) !== undefined) return { denied: target };
    const addresses = await this.#lookup(target.host).catch(() => undefined);
    if (addresses === undefined) return 'unknown';
    // A name that is allowed may still stand for an address that is not.
    const denied = addresses.find(
      ({ address }) => this.#denying({ ...target, host: address }) !== undefined,
    );
    return denied === undefined ? addresses : { denied: { ...target, address: denied.address } };
  }

  #denying(target: Attempt): string | undefined {
    return denyingPattern(target, [...this.#options.deny, ...this.#options.owners.keys()]);
  }

  /** Whoever knows a denied name may know its addresses as well. */
  async #learn(name: string): Promise<void> {
    const { deny, owners } = this.#options;
    const pattern = denyingPattern({ host: name }, deny);
    if (pattern === undefined) return;
    for (const { address } of await this.#lookup(name).catch(() => [])) {
      const found = addressPattern(pattern, address);
      if (found !== undefined && !owners.has(found)) owners.set(found, name);
    }
  }

  #serviceOf(protocol: 'tcp' | 'udp', port: number): string | undefined {
    return serviceOfSocket(this.#options.box.pid, protocol, port);
  }
}

/** Those this host's programs ask: in here, they are asked at the same addresses. */
export function nameServers(): string[] {
  const configured = dns.getServers().map((server) => server.replace(/^\[(.*)\].*$/, '$1'));
  const addresses = configured.map((server) => /^[\d.]+/.exec(server)?.[0] ?? server);
  return addresses.length === 0 ? [DEFAULT_NAME_SERVER] : [...new Set(addresses)];
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
