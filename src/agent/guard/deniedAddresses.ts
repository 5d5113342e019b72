import dns from 'node:dns';
import path from 'node:path';
import { readRegularText } from '../../base/regularFile.ts';
import {
  isOwnAddress,
  matchesHostPattern,
  nameOfPattern,
  patternOfAddress,
  portOfPattern,
} from '../../model/hostPattern.ts';
import { hostsEntries } from './hostsEntries.ts';

/** Name servers that have not answered by then are not waited for: a run begins without them. */
const PATIENCE_MS = 1_500;

/** Codes with which a name server says that there is no such address. */
const NO_ADDRESS = new Set<unknown>(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

export interface DeniedAddresses {
  /** The pattern of an address → the denied host whose address it is. */
  readonly owners: Readonly<Record<string, string>>;
  /** Denied hosts of which no address could be found out in time: they are denied by name alone. */
  readonly unanswered: readonly string[];
}

export interface AddressSources {
  readonly hostsFile?: string;
  readonly patienceMs?: number;
  /** Left out: those this machine asks. */
  readonly nameServers?: readonly string[];
}

/**
 * Which addresses the hosts of these patterns have: in this machine's hosts file (patterns with `*` too) and of its name
 * servers, A and AAAA. Addresses of the machine itself are left out, whatever name somebody gave them.
 */
export async function findDeniedAddresses(
  deny: readonly string[],
  sources: AddressSources = {},
): Promise<DeniedAddresses> {
  const { hostsFile = machineHostsFile(), patienceMs = PATIENCE_MS, nameServers } = sources;
  const owners: Record<string, string> = {};
  const add = (pattern: string, owner: string, address: string) => {
    const found = addressPattern(pattern, address);
    if (found !== undefined) owners[found] = owner;
  };
  const unanswered = new Set<string>();
  const asked = deny.flatMap((pattern) => {
    const name = nameOfPattern(pattern);
    return name === undefined ? [] : [{ pattern, name }];
  });
  const entries = hostsEntries(await readRegularText(hostsFile).catch(() => ''));
  for (const { address, names } of entries) {
    for (const host of names) {
      for (const pattern of deny) {
        if (matchesHostPattern({ host }, pattern)) add(pattern, host, address);
      }
    }
  }
  const resolver = new dns.promises.Resolver();
  if (nameServers !== undefined) resolver.setServers(nameServers);
  const limit = setTimeout(() => resolver.cancel(), patienceMs);
  const ask = async ({ pattern, name }: (typeof asked)[number]): Promise<void> => {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') for (const one of answer.value) add(pattern, name, one);
      else if (!isNoAddress(answer.reason)) unanswered.add(name);
    }
  };
  await Promise.all(asked.map(ask));
  clearTimeout(limit);
  const known = new Set(Object.values(owners));
  return { owners, unanswered: [...unanswered].filter((name) => !known.has(name)) };
}

/** What denies this address of a host that the pattern denies; undefined: it is the machine's own. */
export function addressPattern(pattern: string, address: string): string | undefined {
  return isOwnAddress(address) ? undefined : patternOfAddress(address, portOfPattern(pattern));
}

function isNoAddress(reason: unknown): boolean {
  return NO_ADDRESS.has((reason as NodeJS.ErrnoException).code);
}

function machineHostsFile(): string {
  const { SystemRoot = 'C:\\Windows' } = process.env;
  return process.platform === 'win32'
    ? path.join(SystemRoot, 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';
}
