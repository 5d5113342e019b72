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
  const wanted = six ?? name ?? pattern;
  const plain = plainHost(host);
  if (wanted.includes('/')) return isInBlock(plain, wanted);
  return wanted.includes('*')
    ? isGlobMatch(plain, wanted.toLowerCase())
    : plain === plainHost(wanted);
}

/**
 * The first pattern that forbids this. A pattern for one port forbids nothing where the port is not known yet: the
 * connection will tell it.
 */
export function denyingPattern(to: HostMention, patterns: readonly string[]): string | undefined {
  return patterns.find(
    (pattern) =>
      matchesHostPattern(to, pattern) &&
      (to.port !== undefined || portOfPattern(pattern) === undefined),
  );
}

/** The host of a pattern that means one host by its name; undefined: it means an address, or several hosts. */
export function nameOfPattern(pattern: string): string | undefined {
  const name = PATTERN.exec(pattern)?.[2];
  if (name === undefined || /[*/]/.test(name)) return undefined;
  const plain = plainHost(name);
  return addressOf(plain) === undefined ? plain : undefined;
}

/** The pattern for an address, and for one port only if that is all that is meant. */
export function patternOfAddress(address: string, port: number | undefined): string {
  const plain = plainHost(address);
  return `${plain.includes(':') ? `[${plain}]` : plain}${port === undefined ? '' : `:${port}`}`;
}

/** Of the machine itself, or no address at all: 127.0.0.0/8, ::1, 0.0.0.0/8 and ::. */
export function isOwnAddress(address: string): boolean {
  const plain = plainHost(address);
  return /^(?:127|0)\./.test(plain) || plain === '::1' || plain === '::';
}

/** The one port a pattern means; undefined: it means all. */
export function portOfPattern(pattern: string): number | undefined {
  const port = PATTERN.exec(pattern)?.[3];
  return port === undefined ? undefined : Number(port);
}

/** Whether inet_aton(3) takes this for an IPv4 address: its last part is a number, in one of three bases. */
export function endsInNumber(host: string): boolean {
  return /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i.test(host);
}

/**
 * As names are looked up and addresses compared: in lower case, without brackets, zone and final dot, ASCII. Addresses are
 * in their shortest form, in whatever spelling resolvers take (`0x7f.1`, `::ffff:127.0.0.1`).
 */
export function plainHost(host: string): string {
  const plain = host
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$|%.*$|[.\u3002\uFF0E\uFF61]$/g, '');
  if (plain.includes(':')) return plainAddress(plain);
  const isPlainName = /^[\0-\x7F]*$/.test(plain) && !endsInNumber(plain);
  return isPlainName ? plain : (hostOfUrl(plain) ?? plain);
}

/** IPv4 addresses inside IPv6: mapped, translated (RFC 2765), compatible (RFC 4291), and behind NAT64 (RFC 6052). */
const IPV4_INSIDE = /^(?:::ffff:(?:0:)?|64:ff9b::|::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** The shortest form of an IPv6 address (RFC 5952), or the IPv4 address it stands for. */
function plainAddress(six: string): string {
  const shortest = hostOfUrl(`[${six}]`)?.slice(1, -1) ?? six;
  const halves = IPV4_INSIDE.exec(shortest)?.slice(1) ?? [];
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
