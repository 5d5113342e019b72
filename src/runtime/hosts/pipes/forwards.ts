import net from 'node:net';
import { pipeline, type Duplex } from 'node:stream';

/** Ports of this machine that lead to loopback ports of a host, for whoever looks at services there. */
export class Forwards {
  readonly #open: (there: number) => Duplex;
  /** Port here → port there: a node that comes back has another one. */
  readonly #there = new Map<number, number>();
  readonly #servers: net.Server[] = [];

  /** @param open a stream to a loopback port of the host */
  constructor(open: (there: number) => Duplex) {
    this.#open = open;
  }

  /**
   * Resolves to the port here.
   * @param at 0: any that is free
   * @throws Error with the system's code, such as EADDRINUSE
   */
  async forward(there: number, at: number): Promise<number> {
    const here = at !== 0 && this.#there.has(at) ? at : await this.#listen(at);
    this.#there.set(here, there);
    return here;
  }

  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }

  #listen(at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
        const { port } = server.address() as net.AddressInfo;
        const there = this.#open(this.#there.get(port) ?? 0);
        pipeline(socket, there, socket, () => undefined);
      });
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: at, exclusive: true }, () => {
        this.#servers.push(server);
        resolve((server.address() as net.AddressInfo).port);
      });
    });
  }
}
