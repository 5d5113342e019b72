import dns from 'node:dns';
import type net from 'node:net';
import { matchesHostPattern, portOfPattern } from '../../model/hostPattern.ts';
import type { Attempt } from '../guard/orders.ts';
import { serveNames } from './nameServer.ts';
import type { NetworkNamespace } from './networkNamespace.ts';
import { relay } from './relay.ts';
import { serviceOfSocket } from './socketOwner.ts';
import { StandIns } from './standIns.ts';

const NAME_SERVICE_PORT = 53;
/** What a resolver asks when its configuration names nobody (resolv.conf(5)). */
const DEFAULT_NAME_SERVER = '127.0.0.1';

/** Of either version; where IPv6 is off, the namespace says so and IPv4 is left. */
const ANY_ADDRESS = '::';
const ANY_IPV4_ADDRESS = '0.0.0.0';
const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i;

export interface GatewayOptions {
  readonly network: NetworkNamespace;
  /** Host patterns nobody may reach. */
  readonly deny: readonly string[];
  /** Ports at which hosts outside can be reached. */
  readonly ports: readonly number[];
  /** `service`: undefined when its process could not be found out. */
  readonly onDenied: (service: string | undefined, attempt: Attempt) => void;
  /** How the host looks up names. @throws Error when there is no such name */
  readonly lookup?: (name: string) => Promise<readonly dns.LookupAddress[]>;
}

/**
 * The one way out of a namespace. It answers every name with an address that stands for it, so that it knows whom a program
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
      ...this.#options.ports.map((port) => this.#listenAt(port)),
    ]);
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
    const socket = await this.#options.network.datagrams(address, NAME_SERVICE_PORT);
    this.#closers.push(() => socket.close());
    serveNames(socket, (name, port) => this.#addressOf(name, port));
  }

  async #listenAt(port: number): Promise<void> {
    const { network } = this.#options;
    const server = await network
      .listen(ANY_ADDRESS, port)
      .catch(() => network.listen(ANY_IPV4_ADDRESS, port));
    this.#closers.push(() => server.close());
    server.on('connection', (inside) => void this.#pass(inside));
  }

  /** The address that stands for a name that may be reached, or may at some port; undefined: it has none for anybody in here. */
  async #addressOf(name: string, askerPort: number): Promise<string | undefined> {
    const found = await this.#permitted({ host: name });
    if (found === 'unknown') return undefined;
    if (found !== 'denied') return this.#standIns.addressOf(name);
    this.#options.onDenied(this.#serviceOf('udp', askerPort), { host: name });
    return undefined;
  }

  async #pass(inside: net.Socket): Promise<void> {
    inside.on('error', () => inside.destroy());
    const { localAddress = '', localPort: port = 0, remotePort = 0 } = inside;
    const address = localAddress.replace(IPV4_IN_IPV6, '');
    const host = this.#standIns.nameOf(address) ?? address;
    const found = await this.#permitted({ host, port });
    if (found === 'denied') {
      this.#options.onDenied(this.#serviceOf('tcp', remotePort), { host, port });
      inside.resetAndDestroy();
    } else if (found === 'unknown') inside.resetAndDestroy();
    else relay(inside, { host, port, addresses: found });
  }

  /** The addresses of a host that may be reached. */
  async #permitted(target: Attempt): Promise<'denied' | 'unknown' | readonly dns.LookupAddress[]> {
    if (this.#isDenied(target)) return 'denied';
    try {
      const addresses = await this.#lookup(target.host);
      // A name that is allowed may still stand for an address that is not.
      return addresses.some(({ address }) => this.#isDenied({ ...target, host: address }))
        ? 'denied'
        : addresses;
    } catch {
      return 'unknown';
    }
  }

  /** A pattern for one port denies nothing where the port is not known yet: the connection will tell it. */
  #isDenied(target: Attempt): boolean {
    return this.#options.deny.some(
      (pattern) =>
        matchesHostPattern(target, pattern) &&
        (target.port !== undefined || portOfPattern(pattern) === undefined),
    );
  }

  #serviceOf(protocol: 'tcp' | 'udp', port: number): string | undefined {
    return serviceOfSocket(this.#options.network.pid, protocol, port);
  }
}

/** Those this host's programs ask: in here, they are asked at the same addresses. */
function nameServers(): string[] {
  const configured = dns.getServers().map((server) => server.replace(/^\[(.*)\].*$/, '$1'));
  const addresses = configured.map((server) => /^[\d.]+/.exec(server)?.[0] ?? server);
  return addresses.length === 0 ? [DEFAULT_NAME_SERVER] : [...new Set(addresses)];
}
