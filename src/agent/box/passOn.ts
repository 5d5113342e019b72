import type dns from 'node:dns';
import net from 'node:net';
import { pipeline } from 'node:stream';

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** Of the host; tried as Node.js does (RFC 8305). */
  readonly addresses: readonly dns.LookupAddress[];
}

/** Connects a socket that was opened inside with its destination outside, until either ends. */
export function passOn(inside: net.Socket, { host, port, addresses }: Destination): void {
  const outside = net.connect({
    host,
    port,
    autoSelectFamily: true,
    lookup: (_host, _options, found) => found(null, [...addresses]),
  });
  outside.once('connect', () => {
    pipeline(inside, outside, inside, () => undefined);
  });
  // Whoever is inside has been connected already: a reset is how it learns that there is nobody.
  outside.on('error', () => inside.resetAndDestroy());
  inside.on('close', () => outside.destroy());
}

/** Connects a socket with one that is opened for it, until either ends. @param open throws Error with the system's code */
export function passOnTo(outside: net.Socket, open: () => Promise<net.Socket>): void {
  outside.on('error', () => outside.destroy());
  void open().then(
    (inside) => {
      // Who has asked, and says that this was all, waits for the answer.
      inside.allowHalfOpen = true;
      outside.allowHalfOpen = true;
      pipeline(outside, inside, outside, () => undefined);
    },
    // Whoever has asked has been connected already: a reset is how it learns that there is nobody.
    () => outside.resetAndDestroy(),
  );
}
