import assert from 'node:assert/strict';
import type { CheckedExploration, ExploredFacts } from '../../../src/model/explorationApi.ts';
import {
  countText,
  shrinkingText,
  wentBackText,
} from '../../../webview/features/provenance/exploredText.ts';

const SIM = '1a2b3c4d-0000-4000-8000-000000000000';
const passed: ExploredFacts = { outcome: 'pass', faults: [] };

function explored(outcomes: readonly ('pass' | 'fail' | undefined)[]): CheckedExploration {
  return {
    ...{ v: 1, note: 'not signed', id: SIM, startedAt: '2026-01-05T08:00:00.000Z' },
    ...{ capsuleHash: 'a'.repeat(64), asked: 20 },
    seeds: outcomes.map((outcome, at) => ({
      ...{ seed: 609 + at, simId: SIM },
      ...(outcome === undefined ? { problem: 'gone' } : { facts: { outcome, faults: [] } }),
    })),
  };
}

describe('the words of explored seeds', () => {
  it('count by evidence alone', () => {
    assert.equal(
      countText(explored(['pass', 'pass', 'fail'])),
      '3 of 20 seeds, 2 passed, 1 failed',
    );
    assert.equal(countText(explored(['pass', undefined])), '2 of 20 seeds, 1 passed, 1 unproven');
  });

  it('say where nodes went back, and nothing of that where it was no upgrade', () => {
    assert.equal(wentBackText({ ...passed, backAfterWave: 2 }), 'after wave 2');
    assert.equal(wentBackText({ ...passed, backAfterWave: null }), 'never');
    assert.equal(wentBackText(passed), '–');
  });

  it('say what became of shrinking, also before it has ended', () => {
    assert.equal(shrinkingText({ runs: 2 }), '2 runs so far');
    assert.equal(
      shrinkingText({ runs: 1, end: 'not-reproduced' }),
      '1 run: run again, it did not fail by the same invariant, so no plan was saved',
    );
  });
});
