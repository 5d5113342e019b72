import { shellWord } from '../base/shellWord.ts';
import { orderWords, turnWords } from '../explore/coverage.ts';
import type { ExploredRun } from '../explore/explore.ts';
import { planSize, type PlanSize } from '../explore/planSize.ts';
import type { ShrinkEnd, ShrinkStep } from '../explore/shrink.ts';
import type { ExplorationReport } from './explorationReport.ts';
import { seconds } from './liveView.ts';
import type { Paint } from './paint.ts';

/** One run of an exploration, while it goes on. */
export function runLine({ run, plan, outcome }: ExploredRun, ms: number, asked: number): string {
  const { failure, waves = [], simId } = outcome;
  const words = [
    `run ${run + 1} of ${asked}`,
    `seed ${plan.seed}`,
    failure === undefined ? 'passed' : `failed by ${failure.invariant}`,
    `${seconds(ms)} s`,
    ...(waves.length === 0 ? [] : [orderWords(waves), turnWords(waves)]),
    ...(simId === undefined ? [] : [simId]),
  ];
  return words.join('  ');
}

/** One run of the shrinking, while it goes on. */
export function stepLine({ what, outcome, isSame }: ShrinkStep): string {
  const { failure } = outcome;
  const how =
    failure === undefined
      ? 'passes'
      : isSame
        ? 'fails by the same'
        : `fails by something else, ${failure.invariant}`;
  return `shrink  ${what}: ${how}`;
}

const ENDS: Readonly<Record<ShrinkEnd, string>> = {
  smallest: 'nothing more of what was tried can be left out',
  'out-of-runs': 'no run was left to try more (--shrink-runs)',
  'out-of-time': 'no time was left to try more (--minutes)',
  'not-reproduced': 'not reproduced: run again, it did not fail by the same, so it was not shrunk',
  'not-repeated': 'not run again, since no run or time was left: the plan is as it failed',
};

function latencyWords([min, max]: PlanSize['latencyMs']): string {
  return min === max ? `${min}` : `${min}–${max}`;
}

/** "faults 3 → 1, nodes 5 → 2": what became smaller. */
export function sizeWords(from: PlanSize, to: PlanSize): string {
  const changes: readonly (readonly [string, string | number, string | number, string])[] = [
    ['faults', from.faults, to.faults, ''],
    ['waves', from.waves ?? 0, to.waves ?? 0, ''],
    ['nodes', from.nodes, to.nodes, ''],
    ['latency', latencyWords(from.latencyMs), latencyWords(to.latencyMs), ' ms'],
    ['loss', from.packetLoss, to.packetLoss, ' %'],
  ];
  return changes
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after, unit]) => `${what} ${before} → ${after}${unit}`)
    .join(', ');
}

function failedLines(failed: ExplorationReport['failed']): string[] {
  if (failed === undefined) return [];
  const { failure, outcome } = failed;
  const simId = outcome.simId === undefined ? '' : `  ${outcome.simId}`;
  return [`Failed     ${failure.invariant}: ${failure.sentence}${simId}`];
}

function shrunkLines({ failed, shrunk }: ExplorationReport): string[] {
  if (failed === undefined || shrunk === undefined) return [];
  const smaller = sizeWords(planSize(failed.plan), planSize(shrunk.plan));
  const runs = shrunk.runs === 0 ? '' : `${shrunk.runs} runs: `;
  const what = shrunk.end === 'not-reproduced' || smaller === '' ? '' : `${smaller}; `;
  return [`Shrunk     ${runs}${what}${ENDS[shrunk.end]}`];
}

function againLines({ failed, planFile }: ExplorationReport): string[] {
  if (planFile !== undefined) {
    const file = shellWord(planFile);
    return [`Plan       ${planFile}`, `Again      mesh-sim --config ${file}`];
  }
  const simId = failed?.outcome.simId;
  return simId === undefined ? [] : [`Again      mesh-sim replay ${simId}`];
}

/** What an exploration came to, as lines. Pure. */
export function explorationLines(report: ExplorationReport, paint: Paint): string[] {
  const { coverage, asked, ran, passed, ranMs, failed, isVirtual } = report;
  const each = ran === 0 ? '' : `; ${(ranMs / ran).toFixed(1)} ms each`;
  const sealed = isVirtual ? ', none sealed' : ', each sealed';
  return [
    '',
    verdictLine(report, paint),
    '',
    `Runs       ${ran} of ${asked}, ${passed} passed${sealed}${each}`,
    ...(coverage.orders === 0
      ? []
      : [
          `Orders     ${coverage.orders} distinct orders of waves`,
          `Rollback   ${coverage.rollbackPoints} distinct points, never back being one`,
        ]),
    ...failedLines(failed),
    ...shrunkLines(report),
    ...againLines(report),
  ];
}

/** The only line where nobody wants more. */
export function verdictLine({ failed, ran, asked }: ExplorationReport, paint: Paint): string {
  if (failed !== undefined) {
    const { run, plan, failure } = failed;
    return `${paint(['bold', 'red'], '✖ FAIL')}  run ${run + 1}, seed ${plan.seed}: ${failure.invariant}`;
  }
  const some = ran === asked ? `all ${ran} runs passed` : `${ran} of ${asked} runs, all passed`;
  return `${paint(['bold', 'green'], '✔ PASS')}  ${some}`;
}
