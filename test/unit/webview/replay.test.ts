import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEvent } from '../../../src/model/events.ts';
import { momentsOf, openingOf } from '../../../webview/run/replay.ts';

const simId = '00000000-0000-4000-8000-000000000000';
const common = { simId, nodeId: 'n1' };
const EVENTS: MeshEvent[] = [
  { ...common, seq: 0, at: 10, type: 'phase', phase: 'boot', status: 'started' },
  { simId, seq: 1, at: 700, type: 'fault', fault: 0, nodeId: 'n1', status: 'fired' },
  { ...common, seq: 2, at: 701, type: 'node', status: 'crashed' },
  { ...common, seq: 3, at: 900, type: 'phase', phase: 'healthy', status: 'ok' },
  { ...common, seq: 4, at: 1_200, type: 'node', status: 'halted', details: 'n1 halted' },
];

describe('the replay of a run', () => {
  it('opens shortly before what made the run fail, not before a crash it survived', () => {
    assert.equal(openingOf(EVENTS, 'fail'), 900);
  });

  it('opens shortly before the first fault of a run that passed, and at the start without one', () => {
    assert.equal(openingOf(EVENTS, 'pass'), 400);
    assert.equal(openingOf(EVENTS.slice(0, 1), 'pass'), 0);
  });

  it('never opens before the run began', () => {
    const early = EVENTS.map((event) => ({ ...event, at: 5 }));
    assert.equal(openingOf(early, 'fail'), 0);
  });

  it('marks when nodes were lost and when they became healthy', () => {
    assert.deepEqual(momentsOf(EVENTS), [
      { at: 701, kind: 'trouble' },
      { at: 900, kind: 'healthy' },
      { at: 1_200, kind: 'trouble' },
    ]);
  });

  it('marks nothing that happened when the rollout had ended', () => {
    const ended: MeshEvent = { simId, seq: 3, at: 800, type: 'run', status: 'measuring' };
    assert.deepEqual(momentsOf([...EVENTS.slice(0, 3), ended, ...EVENTS.slice(3)]), [
      { at: 701, kind: 'trouble' },
    ]);
  });
});
