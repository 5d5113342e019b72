import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  capsuleListSchema,
  problemSchema,
  recordedSchema,
  startedSchema,
} from '../../../src/model/api.ts';
import { provenancePageSchema, type ProvenancePage } from '../../../src/model/provenanceApi.ts';
import { leafHash } from '../../../src/signing/merkle.ts';
import { createStudioServer, messagesOf, type StudioServer } from '../../support/studioServer.ts';

describe('the Studio on a broken ledger', () => {
  let studio: StudioServer;
  let capsuleHash: string;
  let simId: string;

  /** Entry 0 packs, 1 starts a run, 2 is its result, 3 packs again. */
  beforeEach(async () => {
    studio = await createStudioServer();
    capsuleHash = await studio.pack();
    const plan = { capsuleHash, world: 'virtual', params: { nodes: 2 } };
    const started = await (await studio.post('/api/mesh-sim/start', plan)).json();
    simId = startedSchema.parse(started).simId;
    await messagesOf(await studio.call(`/api/mesh-sim/events?simId=${simId}`));
    await studio.pack();
  });
  afterEach(() => studio.dispose());

  const inLedger = (name: string) => path.join(studio.studio.workspace.paths.ledger, name);
  const BUNDLE = 'tile/entries/000.p/4';
  const HASHES = 'tile/0/000.p/4';

  async function edit(name: string, change: (text: string) => string): Promise<void> {
    const before = await readFile(inLedger(name), 'latin1');
    const after = change(before);
    assert.notEqual(after, before, 'the edit must change something');
    await writeFile(inLedger(name), after, 'latin1');
  }

  async function provenance(): Promise<ProvenancePage> {
    const response = await studio.call('/api/provenance');
    assert.equal(response.status, 200);
    return provenancePageSchema.parse(await response.json());
  }

  /** [ledger index, is it proven], newest first. */
  const proofs = ({ runs }: ProvenancePage) => runs.map(({ index, isProven }) => [index, isProven]);

  async function assertBroken(response: Response, what: string): Promise<void> {
    const problem = problemSchema.parse(await response.json());
    assert.deepEqual([response.status, problem.code], [422, 'ledger-broken'], what);
    assert.match(problem.detail, /^[^\n]+\.$/);
  }

  const record = () => studio.post('/api/mesh-sim/record', { simId });

  async function assertNothingIsAdded(): Promise<void> {
    const attempts: [string, object][] = [
      ['/api/mesh-sim/start', { capsuleHash }],
      ['/api/capsules', {}],
    ];
    for (const [route, body] of attempts) await assertBroken(await studio.post(route, body), route);
    const listed = await studio.call('/api/capsules');
    assert.equal(listed.status, 200);
    capsuleListSchema.parse(await listed.json());
  }

  it('names an edited entry; what is before it stays proven', async () => {
    await edit(BUNDLE, (text) => text.replace('"outcome":"pass"', '"outcome":"fail"'));
    const page = await provenance();
    assert.deepEqual([page.integrity.status, page.integrity.brokenAt], ['broken', 2]);
    assert.match(page.integrity.sentence, /Entry 2 was altered/);
    assert.deepEqual(proofs(page), [
      [3, false],
      [2, false],
      [0, true],
    ]);
    await assertNothingIsAdded();
    await assertBroken(await record(), 'record');
  });

  it('still answers for a sealed run that the break does not concern', async () => {
    await edit(BUNDLE, (text) => text.replace('"name":"tiny"', '"name":"tony"'));
    assert.deepEqual(proofs(await provenance()).at(-1), [0, false]);
    await assertNothingIsAdded();
    assert.equal((await record()).status, 200);
  });

  it('believes no entry whose hash was altered with it, though the audit stops at a later one', async () => {
    await edit(BUNDLE, (text) =>
      text.replace('"name":"tiny"', '"name":"tony"').replace(/tiny(?!.*tiny)/s, 'tidy'),
    );
    const bundle = await readFile(inLedger(BUNDLE));
    const altered = leafHash(bundle.subarray(2, 2 + bundle.readUInt16BE(0)));
    const hashes = await readFile(inLedger(HASHES));
    hashes.set(altered);
    await writeFile(inLedger(HASHES), hashes);
    const page = await provenance();
    assert.equal(page.integrity.brokenAt, 3);
    assert.deepEqual(proofs(page).at(-1), [0, false]);
  });

  it('lists the entries of a bundle that is torn up to the tear', async () => {
    await edit(BUNDLE, (text) => text.slice(0, -40));
    const page = await provenance();
    assert.match(page.integrity.sentence, /torn at entry 3/);
    assert.deepEqual(
      page.runs.map(({ index }) => index),
      [2, 0],
    );
    await assertNothingIsAdded();
  });

  it('lists all entries, none proven, when the checkpoint is truncated or gone', async () => {
    const checkpoint = await readFile(inLedger('checkpoint'));
    const damages = [
      () => writeFile(inLedger('checkpoint'), checkpoint.subarray(0, 60)),
      () => rm(inLedger('checkpoint')),
      async () => {
        await rm(inLedger('checkpoint'));
        await mkdir(inLedger('checkpoint'));
      },
    ];
    for (const damage of damages) {
      await rm(inLedger('checkpoint'), { recursive: true, force: true });
      await writeFile(inLedger('checkpoint'), checkpoint);
      await damage();
      const page = await provenance();
      assert.equal(page.integrity.status, 'broken');
      assert.match(page.integrity.sentence, /checkpoint|cannot be read/);
      assert.deepEqual(proofs(page), [
        [3, false],
        [2, false],
        [0, false],
      ]);
    }
  });

  it('names a tile that is missing, and is well again when it is back', async () => {
    for (const tile of [BUNDLE, HASHES]) {
      await rename(inLedger(tile), inLedger('aside'));
      const page = await provenance();
      assert.ok(page.integrity.sentence.includes(tile), page.integrity.sentence);
      assert.equal(page.runs.length, tile === BUNDLE ? 0 : 3);
      assert.ok(page.runs.every(({ isProven }) => !isProven));
      await assertNothingIsAdded();
      await rename(inLedger('aside'), inLedger(tile));
    }
    assert.equal((await provenance()).integrity.status, 'intact');
    assert.equal(recordedSchema.parse(await (await record()).json()).ledgerIndex, 2);
  });

  it('lists the Capsules whose content is there when that of another is gone', async () => {
    const { capsules } = capsuleListSchema.parse(await (await studio.call('/api/capsules')).json());
    assert.equal(capsules.length, 1);
    const { store } = studio.studio.workspace;
    await rm(store.pathOf(capsuleHash));
    const none = await studio.call('/api/capsules');
    assert.deepEqual(capsuleListSchema.parse(await none.json()), { capsules: [] });
  });
});
