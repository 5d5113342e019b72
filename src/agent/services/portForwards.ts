import net from 'node:net';
import type { Box } from '../box/box.ts';
import { passOnTo } from '../box/passOn.ts';
import { connectToLoopback } from './probe.ts';

const LOOPBACK = '127.0.0.1';

/** Ports of this machine that lead to services of this node, for whoever looks at them from outside. */
export class PortForwards {
  readonly #connect: (port: number) => Promise<net.Socket>;
  readonly #servers: net.Server[] = [];
  readonly #connections = new Set<net.Socket>();

  /** `boxNow`: where what serves runs at present; undefined: on this machine. */
  constructor(boxNow: () => Pick<Box, 'doorway'> | undefined) {
    this.#connect = (port) => boxNow()?.doorway.connect(port) ?? connectToLoopback(port);
  }

  /**
   * Resolves to the port that leads to `inside`, a service's own.
   * @param at 0: any that is free
   * @throws Error with the system's code, such as EADDRINUSE
   */
  open(inside: number, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (outside) => {
        this.#pass(outside, inside);
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

  #pass(outside: net.Socket, port: number): void {
    this.#connections.add(outside);
    outside.once('close', () => this.#connections.delete(outside));
    passOnTo(outside, () => this.#connect(port));
  }
}
