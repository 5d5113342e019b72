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
  const wanted = (six ?? name ?? pattern).toLowerCase();
  const plain = plainHost(host);
  return wanted.includes('/') ? isInBlock(plain, wanted) : isGlobMatch(plain, wanted);
}

/** The one port a pattern means; undefined: it means all. */
export function portOfPattern(pattern: string): number | undefined {
  const port = PATTERN.exec(pattern)?.[3];
  return port === undefined ? undefined : Number(port);
}

/** Lower case, without brackets, zone, final dot or the IPv6 form of an IPv4 address. */
function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$|%.*$|\.$/g, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
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
