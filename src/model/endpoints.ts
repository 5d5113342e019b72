import * as z from 'zod/mini';
import type { HostMention } from './hostPattern.ts';

/**
 * A host, as an environment's owner writes it: `db.example.com`, `*.example.com` (any subdomain), `prod-*`, `10.20.0.0/16`
 * (IPv4), each with an optional `:port`.
 */
export const endpointPatternSchema = z.string().check(
  z.regex(
    /^(?:[A-Za-z0-9_*](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_*])?|(?:\d{1,3}\.){3}\d{1,3}\/(?:[12]?\d|3[0-2])|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/,
    'must be a host such as "db.example.com", "*.example.com" or "10.20.0.0/16", with ":port" if only that port is meant',
  ),
  z.refine(
    (pattern) => !/^[*.]+$/.test(pattern),
    'matches every host: name the hosts that are meant',
  ),
);

const HOST =
  /\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?|([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)\.?(?::(\d{1,5})(?!\d))?/g;

function percentDecoded(text: string): string {
  return text.replaceAll(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Everything in a text that could be a host: URLs, lists, connection strings and JSON need not be told apart. */
export function hostsIn(text: string): HostMention[] {
  const texts = new Set([text, percentDecoded(text)]);
  return [...texts].flatMap((one) =>
    [...one.matchAll(HOST)].map(([, six, sixPort, name, namePort]) => {
      const port = sixPort ?? namePort;
      return {
        host: (six ?? name ?? '').toLowerCase(),
        ...(port === undefined ? {} : { port: Number(port) }),
      };
    }),
  );
}
