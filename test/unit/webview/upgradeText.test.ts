import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CheckReport, WaveReport } from '../../../src/model/upgradeReport.ts';
import { wordsOf } from '../../../webview/draw/waveWords.ts';
import {
  checkGroups,
  durationText,
  rehearsedText,
  strategyText,
  whenText,
} from '../../../webview/features/provenance/upgradeText.ts';

const FROM = `8c0c${'0'.repeat(60)}`;
const TO = `f31a${'0'.repeat(60)}`;
const WAVE: WaveReport = {
  ...{ leg: 0, to: 'new', index: 1, nodes: ['n0'], startMs: 1_000, endMs: 2_240 },
  outcome: 'ok',
};

function check(outcome: CheckReport['outcome'], wave = 2): CheckReport {
  return { name: 'counts', window: wave === 0 ? 'before' : 'mixed', wave, nodeId: 'n0', outcome };
}

describe('the words of an upgrade', () => {
  it('name both Capsules, and the way back only where it was gone', () => {
    assert.equal(
      rehearsedText({ from: FROM, wentBack: true }, TO),
      'Upgrade rehearsed: 8c0c → f31a, and back',
    );
    assert.equal(
      rehearsedText({ from: FROM, wentBack: false }, TO),
      'Upgrade rehearsed: 8c0c → f31a',
    );
  });

  it('tell a strategy with its numbers and their units', () => {
    assert.equal(
      strategyText({ kind: 'rolling', batch: 1, pauseMs: 2_000 }),
      'rolling, 1 node at a time, 2.00 s after each wave',
    );
    assert.equal(
      strategyText({ kind: 'canary', nodes: 2, bakeMs: 500 }),
      'canary, 2 nodes first, the rest 0.50 s later',
    );
    assert.equal(strategyText({ kind: 'all-at-once' }), 'all at once');
  });

  it('tell how long a wave took, and of none that never ended', () => {
    assert.equal(durationText(WAVE), '1.24 s');
    assert.equal(durationText({ ...WAVE, endMs: null, outcome: 'unfinished' }), '–');
    const switched = durationText({ ...WAVE, switchedMs: WAVE.startMs + 800 });
    assert.equal(switched, '1.24 s, names switched after 0.80 s');
  });

  it('tell of a check once, and of each run of it that did not pass', () => {
    assert.deepEqual(checkGroups([]), []);
    const runs = [check('passed', 0), check('passed'), check('failed'), check('unfinished', 3)];
    const [group, ...others] = checkGroups(runs);
    assert.deepEqual(others, []);
    assert.deepEqual(group, {
      name: 'counts',
      when: 'before 1, mixed 3',
      nodes: ['n0'],
      text: '2 of 4 passed',
      others: runs.slice(2),
    });
    assert.deepEqual(runs.slice(0, 2).map(whenText), ['before', 'mixed, wave 2']);
  });

  it('fit a band of the lanes, from all that is told to the number alone', () => {
    const span = {
      wave: 3,
      nodes: [0],
      start: 0,
      end: 1,
      hasFailed: false,
      hasSwitched: false,
    } as const;
    assert.deepEqual(wordsOf({ ...span, to: 'new' }), ['wave 3 → new', 'wave 3', '3']);
    assert.equal(wordsOf({ ...span, to: 'old', hasFailed: true })[0], 'wave 3 ← old, failed');
  });
});
