import { existsSync } from 'node:fs';
import path from 'node:path';
import { ObjectStore } from '../../../capsule/objectStore.ts';
import { distinctChunks, type Capsule } from '../../../model/capsule.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import { capsuleOf } from '../../real/runnableServices.ts';
import { SOURCE } from '../../real/launchCommand.ts';
import type { RealRunOptions } from '../../real/options.ts';
import { sha256OfFile } from '../../../signing/fileDigest.ts';

/** A file that a node needs on its host: where it is here, and its name below the folder of the run there. */
export interface HostFile {
  readonly file: string;
  readonly name: string;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** What a node is started with: its agent, and what that starts. */
export function programFiles({ bundles }: Pick<RealRunOptions, 'bundles'>): Promise<HostFile[]> {
  const { agent, guard, door, relay } = bundles;
  const inRelay = (name: string) => path.join(relay, name);
  const files: readonly (readonly [string, string])[] = [
    ['agent.cjs', agent],
    ['guard.cjs', guard],
    ['door.cjs', door],
    ...['door.pl', 'firstProcess.pl'].map(
      (name) => [name, path.join(path.dirname(door), name)] as const,
    ),
    ['relay.pl', inRelay('relay.pl')],
    ['relay.py', inRelay('relay.py')],
  ];
  return Promise.all(
    files.map(([name, file]) => withDigest({ name: path.posix.join('programs', name), file })),
  );
}

/** Objects that the node's own host gives it: all others, it gets from other nodes. */
export function contentFiles(options: RealRunOptions, index: number): Promise<HostFile[]> {
  const given: Capsule[] = [];
  if (index === SOURCE || options.drifted.has(nodeIdOf(index)))
    given.push(capsuleOf(options, index));
  if (options.before !== undefined) given.push(options.before.capsule);
  const digests = given.flatMap(({ capsuleHash, manifest }) => [
    capsuleHash,
    ...distinctChunks(manifest).map(({ digest }) => digest),
  ]);
  const store = new ObjectStore(options.storeFolder);
  const found = [...new Set(digests)].map((digest) => ({
    file: store.pathOf(digest),
    name: path.posix.join('store', digest.slice(0, 2), digest.slice(2)),
  }));
  // What is missing here, the node says as it would on this machine.
  return Promise.all(found.filter(({ file }) => existsSync(file)).map(withDigest));
}

async function withDigest(of: Omit<HostFile, 'digest'>): Promise<HostFile> {
  return { ...of, digest: await sha256OfFile(of.file) };
}
