/** Where somebody wants to connect to. */
export interface HostMention {
  readonly host: string;
  /** Undefined: it is not known, so it counts as any. */
  readonly port?: number | undefined;
}

const PATTERN = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * Whether a pattern means this host: `db.example.com`, `*.example.com`, `prod-*`, `10.20.*`, `10.20.0.0/16` or
 * `[2001:db8::5]`, each with an optional `:port`. Without dependencies: it is loaded into every guarded service.
 */
export function matchesHostPattern({ host, port }: HostMention, pattern: string): boolean {
  const [, six, name, wantedPort] = PATTERN.exec(pattern) ?? [];
  if (wantedPort !== undefined && port !== undefined && Number(wantedPort) !== port) return false;
  const wanted = six === undefined ? (name ?? pattern).toLowerCase() : plainHost(six);
  const plain = plainHost(host);
  return wanted.includes('/') ? isInBlock(plain, wanted) : isGlobMatch(plain, wanted);
}

/** The one port a pattern means; undefined: it means all. */
export function portOfPattern(pattern: string): number | undefined {
  const port = PATTERN.exec(pattern)?.[3];
  return port === undefined ? undefined : Number(port);
}

/** As names are looked up and addresses compared: in lower case, without brackets, zone and final dot, ASCII, shortest. */
function plainHost(host: string): string {
  const plain = host.toLowerCase().replace(/^\[|\]$|%.*$|[.\u3002\uFF0E\uFF61]$/g, '');
  if (plain.includes(':')) return plainAddress(plain);
  return /^[\0-\x7F]*$/.test(plain) ? plain : (hostOfUrl(plain) ?? plain);
}

/** The shortest form of an IPv6 address (RFC 5952), or the IPv4 address it stands for. */
function plainAddress(six: string): string {
  const shortest = hostOfUrl(`[${six}]`)?.slice(1, -1) ?? six;
  const halves = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest)?.slice(1) ?? [];
  if (halves.length === 0) return shortest;
  return halves
    .map((half) => Number.parseInt(half, 16))
    .map((half) => `${half >> 8}.${half & 255}`)
    .join('.');
}

/** What browsers and resolvers make of a host: punycode, and addresses in one form. */
function hostOfUrl(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

function isInBlock(host: string, block: string): boolean {
  const [base = '', bits = '32'] = block.split('/');
  const [address, first] = [addressOf(host), addressOf(base)];
  if (address === undefined || first === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(first / size);
}

function addressOf(text: string): number | undefined {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function isGlobMatch(host: string, glob: string): boolean {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(host);
}
