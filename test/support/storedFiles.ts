import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { loadCapsule } from '../../src/capsule/load.ts';
import { distinctChunks } from '../../src/model/capsule.ts';
import { listProvenance } from '../../src/studio/provenance/provenance.ts';
import type { Workspace } from '../../src/studio/workspace/workspace.ts';

export const SIGNED_KINDS = [
  'pack envelope',
  'manifest',
  'plain manifest',
  'chunk',
  'evidence envelope',
  'capsim',
  'events',
  'plan',
  'decision envelope',
  'deploy envelope',
  'checkpoint',
  'ledger entries',
  'ledger hashes',
] as const;
/** What signatures and digests cover. */
export type SignedKind = (typeof SIGNED_KINDS)[number];

/** What no answer rests on: made anew, or a note of who is at work, or a setting. */
export type PlainKind = 'index' | 'build' | 'lock note' | 'setting';

export interface StoredFile {
  readonly file: string;
  /** Undefined: nobody said what it is. */
  readonly kind: SignedKind | PlainKind | undefined;
}

const BY_PATH: readonly [RegExp, SignedKind | PlainKind][] = [
  [/^ledger\/checkpoint$/, 'checkpoint'],
  [/^ledger\/tile\/entries\/[\dx./p]+$/, 'ledger entries'],
  [/^ledger\/tile\/\d+\/[\dx./p]+$/, 'ledger hashes'],
  [/^objects\/capsules\/[0-9a-f]{64}\/capsule\.json$/, 'plain manifest'],
  [/^runs\/[0-9a-f-]{36}\/result\.capsim$/, 'capsim'],
  [/^runs\/[0-9a-f-]{36}\/events\.jsonl$/, 'events'],
  [/^runs\/[0-9a-f-]{36}\/plan\.json$/, 'plan'],
  [/^index\.json$/, 'index'],
  [/^cache\/builds\/[0-9a-f]{64}\/(tree\/|(sha256|stamp|about\.json)$)/, 'build'],
  [/^runs\/active\.json$/, 'lock note'],
  [/^deploys\/[^/]+\/\.deploy-owner\.json$/, 'lock note'],
  [/^\.gitignore$/, 'setting'],
];

const ENVELOPES = {
  pack: 'pack envelope',
  'sim-result': 'evidence envelope',
  'gate-decision': 'decision envelope',
  deploy: 'deploy envelope',
} as const;

/** Every file of `.meshsim/`, by what it is. */
export async function storedFiles(workspace: Workspace): Promise<StoredFile[]> {
  const { data } = workspace.paths;
  const objects = await objectKinds(workspace);
  const found = await readdir(data, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(data, file).split(path.sep).join('/');
      const digest = /^objects\/([0-9a-f]{2})\/([0-9a-f]{62})$/.exec(name);
      const kind =
        digest === null
          ? BY_PATH.find(([pattern]) => pattern.test(name))?.[1]
          : objects.get(`${digest[1] ?? ''}${digest[2] ?? ''}`);
      return { file, kind };
    });
}

async function objectKinds(workspace: Workspace): Promise<Map<string, SignedKind>> {
  const kinds = new Map<string, SignedKind>();
  for (const { entry } of await listProvenance(workspace)) {
    if ('body' in entry) kinds.set(entry.body, ENVELOPES[entry.kind]);
    if (entry.kind !== 'pack') continue;
    kinds.set(entry.capsuleHash, 'manifest');
    const { manifest } = await loadCapsule(workspace.store, entry.capsuleHash);
    for (const { digest } of distinctChunks(manifest)) kinds.set(digest, 'chunk');
  }
  return kinds;
}
