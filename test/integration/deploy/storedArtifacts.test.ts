import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GraphNode } from '../../../src/model/provenanceApi.ts';
import { previewGate } from '../../../src/studio/deploy/gate.ts';
import { provenanceSvg } from '../../../src/studio/provenance/provenanceSvg.ts';
import { flipByte, whileFlipped, whileMissing } from '../../support/alterFile.ts';
import {
  assertRefused,
  assertSound,
  deployed,
  fresh,
  ORDER,
  trust,
  type Deployed,
} from '../../support/deployedCapsule.ts';
import { SIGNED_KINDS, storedFiles, type SignedKind } from '../../support/storedFiles.ts';

/** Everything from one kind on is unproven, in the drawing too; what it rests on still holds. */
async function assertUnproven(
  deploy: Deployed,
  from: GraphNode['kind'],
  reason: RegExp,
  when: string,
): Promise<void> {
  const graph = await trust(deploy);
  const unproven = ORDER.slice(ORDER.indexOf(from));
  for (const { kind, status } of graph.nodes) {
    assert.equal(status, unproven.includes(kind) ? 'unproven' : 'proven', `${when}: ${kind}`);
  }
  assert.equal(graph.nodes.length, ORDER.length, when);
  const svg = provenanceSvg(graph);
  assert.equal(svg.match(/✔ proven/g)?.length ?? 0, ORDER.length - unproven.length, when);
  await assertRefused(deploy, reason, when);
}

/** Of a broken ledger entries may be unreadable; none from the break on is shown as proven. */
async function assertLedgerBroken(deploy: Deployed, when: string): Promise<void> {
  const graph = await trust(deploy);
  assert.match(graph.problem ?? '', /\.$/, when);
  const first = graph.nodes.findIndex(({ status }) => status === 'proven');
  assert.ok(graph.nodes[0]?.status !== 'proven' || graph.nodes.length < ORDER.length, when);
  assert.ok(first === -1 || graph.nodes.slice(first).every(({ status }) => status === 'proven'));
  assert.match(provenanceSvg(graph), /The ledger is broken/, when);
  await assertRefused(deploy, /The ledger is broken/, when);
}

interface Expectation {
  /** The first of the chain that is unproven once it was altered. `ledger`: whatever the ledger no longer proves. */
  readonly from: GraphNode['kind'] | 'ledger';
  readonly reason: RegExp;
  /** When it is not there: `refused` as if it were altered, or `fine`, and why. */
  readonly missing: 'refused' | 'fine';
}

const EXPECTED: Readonly<Record<SignedKind, Expectation>> = {
  'pack envelope': { from: 'capsule', reason: /Capsule does not hold/, missing: 'refused' },
  manifest: { from: 'capsule', reason: /Capsule does not hold/, missing: 'refused' },
  // A copy for other programs: the manifest itself is an object.
  'plain manifest': {
    from: 'capsule',
    reason: /capsule\.json is not the manifest/,
    missing: 'fine',
  },
  chunk: { from: 'capsule', reason: /Capsule does not hold: Object/, missing: 'refused' },
  'evidence envelope': {
    from: 'evidence',
    reason: /rehearsal \w{8}, .*Object/,
    missing: 'refused',
  },
  // Made anew from the envelope and the ledger.
  capsim: { from: 'evidence', reason: /rehearsal \w{8}, ledger entry 2/, missing: 'fine' },
  // Its digest is signed; whether it is kept is the person's choice.
  events: { from: 'evidence', reason: /events .* not those that were signed/, missing: 'fine' },
  // The evidence carries the plan.
  plan: { from: 'evidence', reason: /plan\.json is not the plan/, missing: 'fine' },
  'decision envelope': {
    from: 'gate-decision',
    reason: /gate decision of production, ledger entry 3 .*Restore .*pack again/,
    missing: 'refused',
  },
  'deploy envelope': {
    from: 'deploy',
    reason: /deploy to production, ledger entry 4 .*Restore .*pack again/,
    missing: 'refused',
  },
  checkpoint: { from: 'ledger', reason: /ledger is broken/, missing: 'refused' },
  'ledger entries': { from: 'ledger', reason: /ledger is broken/, missing: 'refused' },
  'ledger hashes': { from: 'ledger', reason: /ledger is broken/, missing: 'refused' },
};

describe('what is stored of a deployed Capsule', () => {
  let deploy: Deployed;
  before(async () => (deploy = await deployed()));
  after(() => deploy.world.dispose());

  const filesOf = async (kind: SignedKind) => {
    const files = await storedFiles(deploy.world.workspace);
    const found = files.flatMap((one) => (one.kind === kind ? [one.file] : []));
    assert.notEqual(found.length, 0, `no ${kind} is stored`);
    return found;
  };
  const unless = async (kind: SignedKind, when: string) => {
    const { from, reason } = EXPECTED[kind];
    if (from === 'ledger') await assertLedgerBroken(deploy, when);
    else await assertUnproven(deploy, from, reason, when);
  };

  it('is of kinds that this test knows: say of a new one what happens when it is altered', async () => {
    const unknown = (await storedFiles(deploy.world.workspace)).filter(
      ({ kind }) => kind === undefined,
    );
    assert.deepEqual(unknown, []);
  });

  for (const kind of SIGNED_KINDS) {
    it(`is unproven from there on, and refused, while a byte of a ${kind} is another one`, async () => {
      for (const file of await filesOf(kind)) {
        const { length } = await readFile(file);
        for (const at of [0, length >> 1, -1]) {
          const when = `byte ${at} of ${file}`;
          await whileFlipped(file, at, () => unless(kind, when));
        }
        await assertSound(deploy, `${file} restored`);
      }
    });

    const { missing } = EXPECTED[kind];
    const verdict = missing === 'fine' ? 'still sound' : 'unproven, and refused,';
    it(`is ${verdict} while a ${kind} is missing`, async () => {
      for (const file of await filesOf(kind)) {
        await whileMissing(file, () =>
          missing === 'fine' ? assertSound(deploy, `no ${file}`) : unless(kind, `no ${file}`),
        );
        await assertSound(deploy, `${file} restored`);
      }
    });
  }
});

describe('what nothing rests on', () => {
  let deploy: Deployed;
  before(async () => (deploy = await deployed()));
  after(() => deploy.world.dispose());

  it('may be altered: trust, gate, rehearsal and deploy go on, and caches are made anew', async () => {
    const { world, capsule } = deploy;
    const files = (await storedFiles(world.workspace)).filter(
      ({ kind }) => !SIGNED_KINDS.some((signed) => signed === kind),
    );
    assert.deepEqual([...new Set(files.map(({ kind }) => kind))].sort(), [
      'build',
      'index',
      'lock note',
      'setting',
    ]);
    for (const { file } of files) {
      for (const at of [0, (await readFile(file)).length >> 1]) await flipByte(file, at);
    }
    const prefix = capsule.slice(0, 7);
    const request = { environment: 'production', capsule: prefix };
    assert.equal((await previewGate(fresh(world), request)).decision.decision, 'allow');
    await assertSound(deploy, 'all caches altered');
    const { observation } = await world.rehearse(capsule);
    assert.equal(observation.outcome, 'pass');
    assert.equal((await world.deploy('production', prefix)).status, 'unchanged');
    const built = files.find(({ file }) => path.basename(file) === 'built.txt');
    assert.equal(await readFile(built?.file ?? '', 'utf8'), 'built');
  });
});
