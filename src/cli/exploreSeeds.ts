import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { assertExplorable } from '../explore/drawPlan.ts';
import { explore, type ExploredRun, type FailedRun } from '../explore/explore.ts';
import type { RunPlan } from '../explore/runOutcome.ts';
import { shrink } from '../explore/shrink.ts';
import type { Plan } from '../model/plan.ts';
import { ExplorationRecord } from '../studio/runs/explorationRecord.ts';
import { realRuns, virtualRuns } from '../studio/runs/exploredRuns.ts';
import { saveNewPlan } from '../studio/runs/savePlan.ts';
import type { Workspace } from '../studio/workspace/workspace.ts';
import { openWorkspace, type CommandContext } from './commandContext.ts';
import type { ExploreFlags } from './commands/explore.ts';
import { EXIT } from './exitCodes.ts';
import { exploreLimits, type ExploreLimits } from './exploreFlags.ts';
import { ExplorationReport } from './explorationReport.ts';
import { ExploreReporter } from './exploreReporter.ts';
import type { LoosePlan } from './planFlags.ts';
import { modeOf, planOf, warnOfFaults } from './runPlan.ts';

/** `mesh-sim explore …`. */
export async function exploreSeeds(context: CommandContext, flags: ExploreFlags): Promise<void> {
  const limits = exploreLimits(flags);
  const workspace = openWorkspace(context, flags.workspace);
  const plan = await planOf(workspace, flags, drawnWhereOpen);
  const isVirtual = plan.world === 'virtual';
  const runs = limits.runs(isVirtual);
  assertExplorable(plan, runs);
  const mode = modeOf(context, flags);
  const report = new ExplorationReport(runs, isVirtual);
  const reporter = new ExploreReporter(context, mode, report);
  const runPlan = isVirtual
    ? await virtualRuns(workspace, plan, context.signal)
    : realRuns(workspace, {
        concurrent: flags.concurrent === true,
        signal: context.signal,
        onStart: ({ beyondMachine }) => {
          if (report.ran === 0 && mode !== 'quiet') warnOfFaults(context, plan, beyondMachine);
        },
      });
  const record = isVirtual ? undefined : new ExplorationRecord(workspace, plan, runs);
  try {
    await exploreAndShrink(workspace, { plan, limits, runPlan, report, reporter, record });
  } catch (error) {
    // Of an exploration that could not begin there is nothing to say but why.
    if (report.ran > 0) reporter.finish();
    throw isInterrupt(error) ? interrupted(report) : error;
  }
  reporter.finish();
  if (report.outcome === 'fail') process.exitCode = EXIT.fail;
}

interface Exploring {
  readonly plan: Plan;
  readonly limits: ExploreLimits;
  readonly runPlan: RunPlan;
  readonly report: ExplorationReport;
  readonly reporter: ExploreReporter;
  /** Undefined in virtual time, of which nothing is kept. */
  readonly record: ExplorationRecord | undefined;
}

async function exploreAndShrink(workspace: Workspace, exploring: Exploring): Promise<void> {
  const { plan, limits, runPlan, report, reporter, record } = exploring;
  const { clock } = workspace;
  const began = clock.monotonic();
  const mayGoOn = () => clock.monotonic() - began < limits.forMs;
  let ranAt = began;
  const onRun = async (run: ExploredRun) => {
    const now = clock.monotonic();
    const ms = now - ranAt;
    ranAt = now;
    report.add(run, ms);
    reporter.run(run, ms);
    await record?.add(run);
  };
  const failed = await explore({ plan, runs: report.asked, runPlan, mayGoOn, onRun });
  if (failed === undefined) {
    await record?.end();
    return;
  }
  const shrunk = await shrink({
    ...{ plan: failed.plan, failure: failed.failure, runPlan, mayGoOn },
    runs: limits.shrinkRuns(report.isVirtual),
    onStep: async (step) => {
      reporter.step(step);
      await record?.shrank();
    },
  });
  report.shrunk = shrunk;
  if (shrunk.end === 'not-reproduced') {
    await record?.end({ end: shrunk.end });
    return;
  }
  const { folder } = workspace.options;
  const file = await saveNewPlan(folder, nameOf(failed), shrunk.plan);
  report.planFile = path.relative('.', file);
  await record?.end({ end: shrunk.end, plan: path.basename(file) });
}

function nameOf({ failure, plan }: FailedRun): string {
  return `explored-${failure.invariant}-${plan.seed}`;
}

/** What a plan leaves open is drawn; what it says stays. The order of nodes is drawn by default. */
function drawnWhereOpen(plan: LoosePlan): LoosePlan {
  const { upgrade } = plan;
  if (typeof upgrade !== 'object' || upgrade === null || 'rollback' in upgrade) return plan;
  return { ...plan, upgrade: { ...upgrade, rollback: 'seeded' } };
}

function isInterrupt(error: unknown): boolean {
  return error instanceof MeshSimError && error.code === 'interrupted';
}

function interrupted({ ran, isVirtual }: ExplorationReport): MeshSimError {
  const before = isVirtual || ran === 0 ? '' : '; those before it are sealed';
  return new MeshSimError(
    'interrupted',
    `Interrupted: the run that was under way was stopped, and is not sealed${before}.`,
  );
}
