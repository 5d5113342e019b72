import type { ExploredRun } from '../explore/explore.ts';
import { factsOf } from '../explore/facts.ts';
import { planSize } from '../explore/planSize.ts';
import type { RunOutcome } from '../explore/runOutcome.ts';
import type { ShrinkStep } from '../explore/shrink.ts';
import { paintOf, printJson, printLine, type CommandContext } from './commandContext.ts';
import { explorationLines, runLine, stepLine, verdictLine } from './explorationLines.ts';
import type { ExplorationReport } from './explorationReport.ts';
import type { ReportMode } from './runReporter.ts';

/** Shows an exploration while it goes on, and what it came to, in the way the output asks for. */
export class ExploreReporter {
  readonly #context: CommandContext;
  readonly #mode: ReportMode;
  readonly #report: ExplorationReport;

  constructor(context: CommandContext, mode: ReportMode, report: ExplorationReport) {
    this.#context = context;
    this.#mode = mode;
    this.#report = report;
  }

  /** Virtual runs are too many to be read, unless one fails. */
  run(explored: ExploredRun, ms: number): void {
    const { run, plan, outcome } = explored;
    if (this.#mode === 'json') {
      this.#json({
        ...{ type: 'explored', run: run + 1, seed: plan.seed, ms: Math.round(ms) },
        ...{ ...outcomeJson(outcome), ...factsOf(outcome) },
      });
      return;
    }
    if (this.#mode === 'quiet') return;
    if (this.#report.isVirtual && outcome.failure === undefined) return;
    printLine(this.#context, runLine(explored, ms, this.#report.asked));
  }

  step(step: ShrinkStep): void {
    const { what, outcome, isSame } = step;
    if (this.#mode === 'json') {
      this.#json({ type: 'shrink', what, isSame, ...outcomeJson(outcome) });
    } else if (this.#mode !== 'quiet') printLine(this.#context, stepLine(step));
  }

  finish(): void {
    if (this.#mode === 'json') {
      this.#json(explorationJson(this.#report));
      return;
    }
    const paint = paintOf(this.#context);
    const lines =
      this.#mode === 'quiet'
        ? [verdictLine(this.#report, paint)]
        : explorationLines(this.#report, paint);
    for (const line of lines) printLine(this.#context, line);
  }

  #json(value: object): void {
    printJson(this.#context, value);
  }
}

function outcomeJson({ failure, simId }: RunOutcome) {
  return {
    outcome: failure === undefined ? 'pass' : 'fail',
    ...(failure && { invariant: failure.invariant, sentence: failure.sentence }),
    ...(simId === undefined ? {} : { simId }),
  };
}

function explorationJson(report: ExplorationReport) {
  const { outcome, asked, ran, passed, ranMs, coverage, failed, shrunk, planFile } = report;
  return {
    ...{ type: 'exploration', outcome, asked, ran, passed },
    msPerRun: ran === 0 ? null : Math.round((ranMs / ran) * 10) / 10,
    ...(coverage.orders === 0
      ? {}
      : { orders: coverage.orders, rollbackPoints: coverage.rollbackPoints }),
    ...(failed && {
      failed: { run: failed.run + 1, seed: failed.plan.seed, ...outcomeJson(failed.outcome) },
    }),
    ...(failed &&
      shrunk && {
        shrunk: {
          ...{ end: shrunk.end, runs: shrunk.runs },
          ...{ from: planSize(failed.plan), to: planSize(shrunk.plan) },
        },
      }),
    ...(planFile === undefined ? {} : { plan: planFile }),
  };
}
