import assert from 'node:assert/strict';
import { explorationLines, runLine, stepLine } from '../../../src/cli/explorationLines.ts';
import { ExplorationReport } from '../../../src/cli/explorationReport.ts';
import { exploreLimits } from '../../../src/cli/exploreFlags.ts';
import { paintFor } from '../../../src/cli/paint.ts';
import type { RunOutcome } from '../../../src/explore/runOutcome.ts';
import { failureOf, largeUpgrade } from '../../support/plantedFailures.ts';

const FLAGS = { workspace: '.' };
const paint = paintFor(false);
const waves = [
  { to: 'new', nodes: ['n1'] },
  { to: 'old', nodes: ['n1'] },
] as const;

const passedRun: RunOutcome = { failure: undefined, waves: undefined, faults: [] };

describe('the limits of an exploration', () => {
  it('are of the world where no flag says otherwise', () => {
    const { runs, shrinkRuns, forMs } = exploreLimits(FLAGS);
    assert.deepEqual([runs(false), runs(true)], [20, 1000]);
    assert.deepEqual([shrinkRuns(false), shrinkRuns(true), forMs], [30, 1000, Infinity]);
    const said = exploreLimits({ ...FLAGS, runs: '3', shrinkRuns: '0', minutes: '1.5' });
    assert.deepEqual([said.runs(true), said.shrinkRuns(true), said.forMs], [3, 0, 90_000]);
  });

  it('are refused where they are none', () => {
    const refused: [object, string][] = [
      [{ runs: '0' }, '--runs 0: expected a whole number from 1 to 1000000.'],
      [{ runs: '2.5' }, '--runs 2.5: expected a whole number from 1 to 1000000.'],
      [{ shrinkRuns: '-1' }, '--shrink-runs -1: expected a whole number from 0 to 1000000.'],
      [{ minutes: '0' }, '--minutes 0: expected a number of minutes above 0, such as 30.'],
      [{ minutes: 'all' }, '--minutes all: expected a number of minutes above 0, such as 30.'],
    ];
    for (const [flags, message] of refused) {
      assert.throws(() => exploreLimits({ ...FLAGS, ...flags }), { code: 'usage', message });
    }
  });
});

describe('the lines of an exploration', () => {
  const plan = largeUpgrade({ seed: 612 });
  const failure = failureOf('checks-held');
  const failedRun = (simId?: string): RunOutcome => ({
    ...{ failure, waves, faults: [] },
    ...(simId === undefined ? {} : { simId }),
  });

  it('say how one run went, and what one of the shrinking did', () => {
    const outcome = failedRun('7d0c');
    assert.equal(
      runLine({ run: 3, plan, outcome }, 9_100, 20),
      'run 4 of 20  seed 612  failed by checks-held  9.10 s  n1 ← n1  back after wave 1  7d0c',
    );
    const step = { what: 'loss 0 %', plan, outcome };
    assert.equal(stepLine({ ...step, isSame: true }), 'shrink  loss 0 %: fails by the same');
    assert.equal(
      stepLine({ ...step, isSame: false }),
      'shrink  loss 0 %: fails by something else, checks-held',
    );
    const passed = { ...step, outcome: { failure: undefined, waves, faults: [] }, isSame: false };
    assert.equal(stepLine(passed), 'shrink  loss 0 %: passes');
  });

  it('say what was covered, what failed, what became smaller, and how to run it again', () => {
    const report = new ExplorationReport(20, false);
    report.add({ run: 0, plan, outcome: { ...passedRun, waves: waves.slice(0, 1) } }, 8_000);
    report.add({ run: 1, plan, outcome: failedRun('7d0c') }, 10_000);
    const small = largeUpgrade({
      seed: 612,
      params: { nodes: 2, latencyMs: [0, 0], packetLoss: 0 },
    });
    report.shrunk = {
      plan: { ...small, chaos: { preset: 'none', faults: [] } },
      ...{ end: 'smallest', runs: 11 },
    };
    report.planFile = 'explored-checks-held-612.meshplan.json';
    const lines = explorationLines(report, paint);
    assert.equal(lines[1], '✖ FAIL  run 2, seed 612: checks-held');
    assert.deepEqual(lines.slice(3, 7), [
      'Runs       2 of 20, 1 passed, each sealed; 9000.0 ms each',
      'Orders     2 distinct orders of waves',
      'Rollback   2 distinct points, never back being one',
      'Failed     checks-held: checks-held was planted.  7d0c',
    ]);
    assert.match(
      lines[7] ?? '',
      /^Shrunk {5}11 runs: faults 3 → 0, waves \d+ → \d+, nodes 5 → 2, latency 20–60 → 0 ms, loss 8 → 0 %; nothing more of what was tried can be left out$/,
    );
    assert.deepEqual(lines.slice(8), [
      'Plan       explored-checks-held-612.meshplan.json',
      "Again      mesh-sim --config 'explored-checks-held-612.meshplan.json'",
    ]);
  });

  it('say of a failure that was not reproduced where it is to be seen', () => {
    const report = new ExplorationReport(20, false);
    report.add({ run: 0, plan, outcome: failedRun('7d0c') }, 10_000);
    report.shrunk = { plan, end: 'not-reproduced', runs: 1 };
    assert.deepEqual(explorationLines(report, paint).slice(-2), [
      'Shrunk     1 runs: not reproduced: run again, it did not fail by the same, so it was not shrunk',
      'Again      mesh-sim replay 7d0c',
    ]);
  });

  it('say that nothing of virtual runs is sealed, and nothing of orders where there is no upgrade', () => {
    const report = new ExplorationReport(3, true);
    report.add({ run: 0, plan, outcome: passedRun }, 4);
    assert.deepEqual(explorationLines(report, paint), [
      ...['', '✔ PASS  1 of 3 runs, all passed', ''],
      'Runs       1 of 3, 1 passed, none sealed; 4.0 ms each',
    ]);
  });
});
