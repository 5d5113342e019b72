import net from 'node:net';
import { pipeline } from 'node:stream';
import type { Box } from '../box/box.ts';
import { connectToLoopback } from './probe.ts';

const LOOPBACK = '127.0.0.1';

/** Ports of this machine that lead to services of this node, for whoever looks at them from outside. */
export class PortForwards {
  readonly #connect: (port: number) => Promise<net.Socket>;
  readonly #servers: net.Server[] = [];
  readonly #connections = new Set<net.Socket>();

  /** `box`: where the services run; undefined: on this machine. */
  constructor(box: Pick<Box, 'doorway'> | undefined) {
    this.#connect = (port) => box?.doorway.connect(port) ?? connectToLoopback(port);
  }

  /**
   * Resolves to the port that leads to `inside`, a service's own.
   * @param at 0: any that is free
   * @throws Error with the system's code, such as EADDRINUSE
   */
  open(inside: number, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (outside) => {
        void this.#pass(outside, inside);
      });
      server.once('error', reject);
      server.listen({ host: LOOPBACK, port: at, exclusive: true }, () => {
        this.#servers.push(server);
        resolve((server.address() as net.AddressInfo).port);
      });
    });
  }

  /** Ends what is connected, and takes no more. */
  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
    for (const socket of this.#connections) socket.destroy();
  }

  async #pass(outside: net.Socket, port: number): Promise<void> {
    this.#connections.add(outside);
    outside.on('error', () => outside.destroy());
    outside.once('close', () => this.#connections.delete(outside));
    try {
      const inside = await this.#connect(port);
      // Who has asked, and says that this was all, waits for the answer.
      inside.allowHalfOpen = true;
      pipeline(outside, inside, outside, () => undefined);
    } catch {
      // Whoever is outside has been connected already: a reset is how it learns that there is nobody.
      outside.resetAndDestroy();
    }
  }
}
