import * as z from 'zod';

/**
 * A host, as an environment's owner writes it: `db.example.com`, `*.example.com` (any subdomain), `prod-*`, `10.20.0.0/16`
 * (IPv4), each with an optional `:port`.
 */
export const endpointPatternSchema = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_*](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_*])?|(?:\d{1,3}\.){3}\d{1,3}\/(?:[12]?\d|3[0-2])|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/,
    'must be a host such as "db.example.com", "*.example.com" or "10.20.0.0/16", with ":port" if only that port is meant',
  )
  .refine(
    (pattern) => !/^[*.]+$/.test(pattern),
    'matches every host: name the hosts that are meant',
  );

export interface HostMention {
  /** Lower case, without a final dot. */
  readonly host: string;
  /** Absent: the text names none. */
  readonly port?: string;
}

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
        ...(port === undefined ? {} : { port }),
      };
    }),
  );
}

function addressOf(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function isInBlock(host: string, block: string): boolean {
  const [base = '', bits = '32'] = block.split('/');
  const [address, first] = [addressOf(host), addressOf(base)];
  if (address === undefined || first === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(first / size);
}

function isGlobMatch(host: string, glob: string): boolean {
  const pattern = glob
    .toLowerCase()
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/:]*');
  return new RegExp(`^${pattern}$`).test(host);
}

/**
 * Whether a host is one that a pattern means. A mention without a port matches a pattern with one: which port it will be
 * is not known, and what could be production is treated as production.
 */
export function matchesEndpoint({ host, port }: HostMention, pattern: string): boolean {
  const parsed = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(pattern);
  const wanted = (parsed?.[1] ?? parsed?.[2] ?? pattern).toLowerCase();
  const wantedPort = parsed?.[3];
  if (wantedPort !== undefined && port !== undefined && wantedPort !== port) return false;
  return wanted.includes('/') ? isInBlock(host, wanted) : isGlobMatch(host, wanted);
}
