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
