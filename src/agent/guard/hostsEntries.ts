/** One line of a hosts file. */
export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
}

/** What a hosts file says, hosts(5); comments and lines without a name say nothing. */
export function hostsEntries(text: string): HostsEntry[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line
      .replace(/#.*/, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    return names.length === 0 ? [] : [{ address, names }];
  });
}
