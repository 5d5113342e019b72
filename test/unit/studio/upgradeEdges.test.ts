import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { AppendedEntry } from '../../../src/ledger/ledger.ts';
import type { Link } from '../../../src/studio/provenance/provenanceChain.ts';
import { upgradeEdge, upgradeSteps } from '../../../src/studio/provenance/upgradeEdges.ts';
import type { DescribedRun } from '../../../src/studio/runs/describeRun.ts';

const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)];
const SIM = '1a2b3c4d-0000-4000-8000-000000000000';
const AT = '2026-01-05T09:00:00.000Z';

function pack(index: number, capsuleHash: string): AppendedEntry {
  const signed = {
    keyid: 'k',
    publicKey: 'c'.repeat(64),
    body: 'd'.repeat(64),
    payload: '',
    sig: '',
  };
  const of = { name: 'tiny', services: 1, bytes: 1, dirty: false };
  return {
    index,
    leafHash: `leaf ${index}`,
    entry: { v: 1, kind: 'pack', at: AT, capsuleHash, ...signed, ...of },
  };
}

function linkTo(appended: AppendedEntry, parent?: AppendedEntry, problem?: string): Link {
  return { appended, proof: { problem }, parent, problem: undefined };
}

const PACKS = [pack(0, OLD), pack(1, NEW)] as const;
const [BEFORE, AFTER] = PACKS;

/** A run that upgraded from the old Capsule to the new one. */
function rehearsal(index: number, of: Partial<DescribedRun> = {}, problem?: string) {
  const run: DescribedRun = {
    ...{ runId: `run ${index}`, index, at: AT, kind: 'simulation', capsuleHash: NEW },
    ...{ product: 'tiny', title: '', summary: 'n1 failed', simId: SIM, status: 'pass' },
    upgrade: { from: OLD, wentBack: true },
    ...of,
  };
  return { link: linkTo(pack(index, NEW), AFTER, problem), run };
}

function edgesOf(
  runs: readonly ReturnType<typeof rehearsal>[],
  entries: readonly AppendedEntry[] = PACKS,
) {
  const links = [linkTo(BEFORE), linkTo(AFTER), ...runs.map(({ link }) => link)];
  const byIndex = new Map(links.map((link) => [link.appended.index, link]));
  return upgradeSteps(runs, entries).map((step) => upgradeEdge(step, byIndex));
}

describe('the upgrades of the chain of trust', () => {
  it('lead from the pack of one Capsule to that of the other, by the newest evidence', () => {
    const [edge, ...others] = edgesOf([rehearsal(5), rehearsal(4)]);
    assert.deepEqual(others, []);
    assert.deepEqual(edge, {
      ...{ from: 'leaf 0', to: 'leaf 1', evidence: 'run 5', status: 'proven' },
      sentence:
        'Simulation 1a2b3c4d rehearsed it, there, back and there again; signature, digests and ledger proof hold.',
    });
  });

  it('say that one failed, and why', () => {
    const [edge] = edgesOf([rehearsal(5, { status: 'fail' })]);
    assert.equal(edge?.status, 'failed');
    assert.equal(edge.sentence, 'Simulation 1a2b3c4d rehearsed it and failed: n1 failed');
  });

  it('are unproven where their evidence is', () => {
    const [edge] = edgesOf([rehearsal(5, {}, 'Its file was altered.')]);
    assert.equal(edge?.status, 'unproven');
    assert.equal(edge.sentence, 'Its file was altered.');
  });

  it('are none of a first start, and none from a Capsule that was packed nowhere here, or later', () => {
    assert.deepEqual(edgesOf([rehearsal(5, { upgrade: undefined })]), []);
    assert.deepEqual(edgesOf([rehearsal(5)], [AFTER]), []);
    assert.deepEqual(edgesOf([rehearsal(5)], [AFTER, pack(6, OLD)]), []);
  });
});
