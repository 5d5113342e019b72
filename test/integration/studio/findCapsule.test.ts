import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { findCapsule } from '../../../src/studio/capsules/findCapsule.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { forceEntry } from '../../support/ledgerKeyHolder.ts';
import { createHarborPay, type HarborPay } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { workspaceIn } from '../../support/workspace.ts';

describe('finding a Capsule', () => {
  let harbor: HarborPay;
  let workspace: Workspace;
  let capsuleHash: string;

  beforeEach(async () => {
    harbor = await createHarborPay();
    workspace = await workspaceIn(harbor.folder);
    const packed = await packWorkspace(workspace, {
      registryFile: harbor.registryFile,
      allowDirty: false,
      signal: new AbortController().signal,
    });
    capsuleHash = packed.capsule.capsuleHash;
  });
  afterEach(() => harbor.dispose());

  /** Appends another pack entry whose hash begins like the real one. */
  async function packLookalike(): Promise<void> {
    const ledger = await workspace.ledgerToAppend();
    const [pack] = await ledger.entries();
    assert.ok(pack?.entry.kind === 'pack');
    const lookalike = capsuleHash.slice(0, 8) + capsuleHash.slice(8).split('').reverse().join('');
    const { ledger: key } = await workspace.keyring();
    await forceEntry(workspace.paths.ledger, key, { ...pack.entry, capsuleHash: lookalike });
  }

  it('takes a unique prefix, and gives back the signed bytes', async () => {
    const { capsule } = await findCapsule(workspace, capsuleHash.slice(0, 6));
    assert.equal(capsule.capsuleHash, capsuleHash);
  });

  it('refuses a prefix of several Capsules, and takes a longer one', async () => {
    await packLookalike();
    const sentence = await sentenceOf(
      'capsule-ambiguous',
      findCapsule(workspace, capsuleHash.slice(0, 6)),
    );
    assert.match(sentence, /begins 2 Capsules/);
    assert.equal((await findCapsule(workspace, capsuleHash)).capsule.capsuleHash, capsuleHash);
  });

  it('refuses a Capsule of a signer who is not trusted here', async () => {
    const stranger = await workspaceIn(harbor.folder);
    const { ledger } = await workspace.keyring();
    const entries = await (await workspace.ledger()).entries();
    await rm(stranger.paths.ledger, { recursive: true });
    assert.notEqual((await stranger.keyring()).ledger.publicKey, ledger.publicKey);
    await stranger.ledgerToAppend();
    const { ledger: strangersKey } = await stranger.keyring();
    for (const { entry } of entries) await forceEntry(stranger.paths.ledger, strangersKey, entry);
    await sentenceOf('signer-untrusted', findCapsule(stranger, capsuleHash));
  });

  it('does not believe a damaged index: it is rebuilt', async () => {
    await findCapsule(workspace, capsuleHash);
    await writeFile(workspace.paths.index, '{"version":1,"rows":[]');
    assert.equal((await findCapsule(workspace, capsuleHash)).capsule.capsuleHash, capsuleHash);
  });
});
