import path from 'node:path';
import { issueProblem } from '../../capsule/schemaProblem.ts';
import { StrictFile } from '../../capsule/strictFile.ts';
import type { HostKind } from '../../model/hostKinds.ts';
import { HOSTS_FILE, hostsFileSchema, type HostsFile } from '../../model/hosts.ts';

/**
 * The hosts that a file describes; none when it does not exist and nobody named it.
 * @param named by the user, in the place of the workspace's own
 * @throws MeshSimError `hosts-invalid` with every problem and its path
 */
export async function readHosts(folder: string, named?: string): Promise<HostsFile['hosts']> {
  const strict = new StrictFile(named ?? path.join(folder, HOSTS_FILE), 'hosts-invalid');
  const value = await strict.read();
  if (value === undefined) {
    if (named !== undefined) throw strict.invalid('there is no such file');
    return {};
  }
  const parsed = hostsFileSchema.safeParse(value);
  if (parsed.success) return parsed.data.hosts;
  const problems = parsed.error.issues.map((issue) => issueProblem(issue, value, 'the file'));
  throw strict.invalid(problems.join('; '));
}

/** The kinds of those that the workspace's file describes, by name; of a file that is wrong none: whoever runs a plan on them is told. */
export async function describedHosts(folder: string): Promise<Record<string, HostKind>> {
  const hosts = await readHosts(folder).catch(() => ({}));
  return Object.fromEntries(Object.entries(hosts).map(([name, { kind }]) => [name, kind]));
}
