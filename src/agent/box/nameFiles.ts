import { mkdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { textIfThere, writeAfreshSync } from '../../base/regularFile.ts';
import { denyingPattern, plainHost } from '../../model/hostPattern.ts';
import { hostsEntries } from '../guard/hostsEntries.ts';

/** A file or folder of ours, and the one of the machine in whose place programs find it. */
export interface NameFile {
  readonly ours: string;
  readonly place: string;
}

/** Folders of services of the machine that tell addresses without asking a name server: nscd(8) through its socket. */
const NAME_CACHES = ['/run/nscd', '/var/run/nscd'];
/** Of systemd-resolved: nss-resolve(8) asks its socket, and `/etc/resolv.conf` often leads here. */
const RESOLVED = '/run/systemd/resolve';
const RESOLVED_FILES = ['resolv.conf', 'stub-resolv.conf'];

/** The way names are looked up in a box: files, then our name server. A host's own name needs neither. */
const SOURCES = new Set(['files', 'myhostname', 'dns']);

export interface NameFilesOptions {
  /** Where ours are written; made if missing. */
  readonly folder: string;
  /** Host patterns that no service may reach, addresses of denied names among them. */
  readonly deny: readonly string[];
  /** Addresses at which our name server is asked. */
  readonly nameServers: readonly string[];
}

/**
 * Writes what programs of a box are to read in place of the machine's own files, for libc reads these before it
 * asks any name server. What the machine does not have is left out: there is nothing to read then.
 */
export function writeNameFiles({ folder, deny, nameServers }: NameFilesOptions): NameFile[] {
  const found: NameFile[] = [];
  const folderFor = (name: string, place: string): string => {
    const ours = path.join(folder, name);
    mkdirSync(ours, { recursive: true });
    const real = realPath(place);
    if (real !== undefined && !found.some((one) => one.place === real)) {
      found.push({ ours, place: real });
    }
    return ours;
  };
  for (const cache of NAME_CACHES) folderFor('empty', cache);
  const resolver = resolverFile(textIfThere('/etc/resolv.conf'), nameServers);
  const resolved = folderFor('resolve', RESOLVED);
  for (const name of RESOLVED_FILES)
    writeAfreshSync(path.join(resolved, name), Buffer.from(resolver));
  const write = (place: string, text: string): void => {
    const real = realPath(place);
    if (real === undefined || found.some((one) => real.startsWith(one.place + path.sep))) return;
    const ours = path.join(folder, path.basename(place));
    writeAfreshSync(ours, Buffer.from(text));
    found.push({ ours, place: real });
  };
  write('/etc/resolv.conf', resolver);
  write('/etc/nsswitch.conf', switchFile(textIfThere('/etc/nsswitch.conf')));
  write('/etc/hosts', hostsFile(textIfThere('/etc/hosts'), deny, os.hostname()));
  return found;
}

/** hosts(5) without denied names and addresses; the machine itself is always in it. */
export function hostsFile(machine: string, deny: readonly string[], ownName: string): string {
  const isAllowed = (host: string) => denyingPattern({ host }, deny) === undefined;
  const kept = hostsEntries(machine).flatMap(({ address, names }) => {
    const allowed = names.filter(isAllowed);
    return isAllowed(address) && allowed.length > 0 ? [{ address, names: allowed }] : [];
  });
  const known = new Set(kept.flatMap(({ names }) => names.map(plainHost)));
  const own = ['localhost', ownName].filter((name) => !known.has(plainHost(name)));
  const all = own.filter(isAllowed).map((name) => ({ address: '127.0.0.1', names: [name] }));
  return [...kept, ...all]
    .map(({ address, names }) => `${[address, ...names].join(' ')}\n`)
    .join('');
}

/** nsswitch.conf(5), with hosts looked up in files and by our name server, which asks as the machine would. */
export function switchFile(machine: string): string {
  const line = /^[ \t]*hosts:(.*)$/m.exec(machine)?.[1] ?? '';
  const sources = ['files', ...line.split(/[\s#]+/).filter((one) => SOURCES.has(one)), 'dns'];
  const others = machine.split('\n').filter((one) => !/^\s*hosts:/.test(one));
  const distinct = [...new Set(sources.filter((one) => one !== 'dns')), 'dns'];
  return `${others.join('\n').trimEnd()}\nhosts: ${distinct.join(' ')}\n`;
}

/** resolv.conf(5) with the machine's search list and options. We serve by UDP alone, so what forces TCP is left out. */
export function resolverFile(machine: string, nameServers: readonly string[]): string {
  const kept = machine
    .split('\n')
    .filter((line) => /^(?:search|domain|options)\b/.test(line))
    .map((line) => line.replaceAll(/\s(?:use-vc|usevc|tcp)\b/g, ''));
  return [...nameServers.map((server) => `nameserver ${server}`), ...kept, ''].join('\n');
}

function realPath(place: string): string | undefined {
  try {
    return realpathSync(place);
  } catch {
    return undefined;
  }
}
