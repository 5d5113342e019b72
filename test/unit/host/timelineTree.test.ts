import assert from 'node:assert/strict';
import { daysOf, elementsOf, rowOf } from '../../../src/host/timelineTree.ts';
import type { Integrity, ProvenanceRun } from '../../../src/model/provenanceApi.ts';

const PASSED: ProvenanceRun = {
  runId: 'a'.repeat(64),
  index: 4,
  at: '2026-03-02T10:00:00.000Z',
  kind: 'simulation',
  capsuleHash: 'b'.repeat(64),
  product: 'harbor-pay',
  title: 'Mesh-sim, 5 nodes',
  summary: 'READY 5/5',
  status: 'pass',
  isProven: true,
};
const TODAY = new Date('2026-03-03T12:00:00.000Z');
const INTACT: Integrity = { status: 'intact', size: 5, verified: 5, sentence: 'All match.' };

describe('the provenance tree', () => {
  it('groups runs by day and keeps their order', () => {
    const earlier = { ...PASSED, at: '2026-03-01T23:59:59.000Z' };

    const days = daysOf([PASSED, PASSED, earlier], TODAY, 'UTC');

    assert.deepEqual(
      days.map(({ day, runs }) => [day, runs.length]),
      [
        ['2026-03-02', 2],
        ['2026-03-01', 1],
      ],
    );
  });

  it("counts days in the person's own time zone", () => {
    const lateInUtc = { ...PASSED, at: '2026-03-02T23:30:00.000Z' };

    assert.deepEqual(
      ['UTC', 'Europe/Berlin', 'America/New_York'].map(
        (timeZone) => daysOf([lateInUtc], TODAY, timeZone)[0]?.day,
      ),
      ['2026-03-02', 'Today', '2026-03-02'],
    );
  });

  it('offers older runs only while there are some', () => {
    const page = { integrity: INTACT, runs: [PASSED] };

    const withMore = elementsOf([page, { ...page, next: 2 }], TODAY);

    assert.deepEqual(withMore.at(-1), { kind: 'older' });
    assert.equal(elementsOf([page], TODAY).length, 1);
  });

  it('tells a broken ledger as the first row, with the link that is broken', () => {
    const integrity = { ...INTACT, status: 'broken', brokenAt: 3, sentence: 'Hashes differ.' };

    const [first, ...rest] = elementsOf(
      [{ integrity: integrity as Integrity, runs: [PASSED] }],
      TODAY,
    );

    assert.deepEqual(first, { kind: 'broken', sentence: 'entry 3: Hashes differ.' });
    assert.equal(rest.length, 1);
  });

  it('says the outcome and the badge as words', () => {
    const row = rowOf(PASSED);

    assert.equal(row.description, 'PASS · Evidence · READY 5/5');
    assert.equal(row.spoken, 'PASS · Simulation Evidence · READY 5/5');
    assert.match(row.tooltip, /^Simulation Evidence\n/);
    assert.equal(row.contextValue, 'meshSim.simulation.pass');
  });

  it('shows broken glass in red and as nothing else, although it was allowed', () => {
    const row = rowOf({
      ...PASSED,
      kind: 'gate-decision',
      status: 'allowed',
      summary: 'the shop is down',
      isBreakGlass: true,
    });

    assert.equal(row.description, 'GLASS BROKEN · the shop is down');
    assert.deepEqual([row.icon, row.color], ['flame', 'testing.iconFailed']);
  });

  it('says a refusal as a word, without the badge', () => {
    const row = rowOf({ ...PASSED, kind: 'gate-decision', status: 'refused', summary: '' });

    assert.equal(row.description, 'REFUSED');
  });

  it('says why an entry is not proven, and nothing that it says of itself', () => {
    const row = rowOf({ ...PASSED, isProven: false, problem: 'Its events were altered.' });

    assert.equal(row.description, 'unproven · Its events were altered.');
    assert.match(row.tooltip, /unproven: Its events were altered\./);
    assert.doesNotMatch(row.tooltip, /READY/);
    assert.deepEqual([row.icon, row.color], ['warning', undefined]);
  });
});
