import type { CheckedExploration, ExploredFacts } from '../../../src/model/explorationApi.ts';

type Shrinking = NonNullable<CheckedExploration['shrinking']>;

/** "after wave 2", "never"; "–": it was no upgrade. */
export function wentBackText({ backAfterWave }: ExploredFacts): string {
  if (backAfterWave === undefined) return '–';
  return backAfterWave === null ? 'never' : `after wave ${backAfterWave}`;
}

/** "7 of 20 seeds, 6 passed, 1 failed", by evidence alone. */
export function countText({ seeds, asked }: CheckedExploration): string {
  const count = (outcome: ExploredFacts['outcome']) =>
    seeds.filter(({ facts }) => facts?.outcome === outcome).length;
  const unproven = seeds.filter(({ facts }) => facts === undefined).length;
  const counts = [
    [count('pass'), 'passed'],
    [count('fail'), 'failed'],
    [unproven, 'unproven'],
  ] as const;
  const told = counts.filter(([many]) => many > 0).map((one) => one.join(' '));
  return [`${seeds.length} of ${asked} seeds`, ...told].join(', ');
}

const ENDS: Record<NonNullable<Shrinking['end']>, string> = {
  smallest: 'nothing more of what was tried could be left out',
  'out-of-runs': 'no run was left to try more',
  'out-of-time': 'no time was left to try more',
  'not-reproduced': 'run again, it did not fail by the same invariant, so no plan was saved',
  'not-repeated': 'it was not run again, so the plan is as it failed',
};

/** What became of the run that failed; "2 runs so far" where nothing is known yet. */
export function shrinkingText({ runs, end }: Shrinking): string {
  const taken = `${runs} run${runs === 1 ? '' : 's'}`;
  return end === undefined ? `${taken} so far` : `${taken}: ${ENDS[end]}`;
}
