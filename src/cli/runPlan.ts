import path from 'node:path';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { buildWords } from '../model/buildWatch.ts';
import { distinctChunks } from '../model/capsule.ts';
import { CAPTURE_MODES, type CaptureMode } from '../model/captureMode.ts';
import type { StatedRun } from '../model/observation.ts';
import { placementWords } from '../model/hostPlacement.ts';
import type { Plan } from '../model/plan.ts';
import { faultsWithoutEffect, idleFaultSentence } from '../model/faultsWithoutEffect.ts';
import { baselineOf } from '../studio/runs/baseline.ts';
import { startingCapsule } from '../studio/deploy/activeIn.ts';
import { findCapsule } from '../studio/capsules/findCapsule.ts';
import { parsePlan, readPlanFile } from '../studio/runs/planFile.ts';
import { readStatement } from '../studio/runs/runs.ts';
import { simulateMesh, type FinishedSimulation } from '../studio/runs/simulateMesh.ts';
import type { Workspace } from '../studio/workspace/workspace.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  sayWait,
  type CommandContext,
} from './commandContext.ts';
import { EXIT } from './exitCodes.ts';
import { holdUntilInterrupted, type Looking } from './heldRun.ts';
import { wantedLinks } from './linkFlags.ts';
import { receiverAddress, sendOtlp } from './otlp.ts';
import type { RunFlags, SimulateFlags } from './commands/simulate.ts';
import { applyFlags, type LoosePlan } from './planFlags.ts';
import { ReportFiles } from './reportFiles.ts';
import { RunReporter, type ReportMode } from './runReporter.ts';
import type { Baseline } from './objectiveLines.ts';
import { terminalText } from './terminalText.ts';
import { summary } from './summary.ts';
import { virtualSummary } from './virtualSummary.ts';

/** The program's own action: `mesh-sim --capsule <hash> …`. */
export async function simulate(context: CommandContext, flags: SimulateFlags): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  await runPlan(context, workspace, () => planOf(workspace, flags), flags);
}

/**
 * The plan that a file and the flags describe.
 * @param settle what of it they leave open
 * @throws MeshSimError `usage`, `plan-invalid`, and those of findCapsule
 */
export async function planOf(
  workspace: Workspace,
  flags: SimulateFlags,
  settle = (plan: LoosePlan) => plan,
): Promise<Plan> {
  const file = flags.config === undefined ? {} : await readPlanFile(flags.config);
  const loose = settle(await applyFlags(file, flags));
  const prefix = flags.capsule ?? loose.capsuleHash;
  if (typeof prefix !== 'string') {
    throw new MeshSimError(
      'usage',
      'Name the Capsule to rehearse: --capsule <hash>, as printed by "mesh-sim pack" (see --help).',
    );
  }
  const { capsule } = await findCapsule(workspace, prefix);
  const upgrade = await upgradeOf(workspace, loose.upgrade);
  return parsePlan(
    { ...loose, ...upgrade, capsuleHash: capsule.capsuleHash },
    flags.config ?? 'plan',
  );
}

/** With the whole hash of the Capsule that runs before. What is no upgrade stays as it is: the schema refuses it. */
async function upgradeOf(workspace: Workspace, upgrade: unknown): Promise<{ upgrade?: object }> {
  if (typeof upgrade !== 'object' || upgrade === null || !('from' in upgrade)) return {};
  if (typeof upgrade.from !== 'string') return {};
  const from = await startingCapsule(workspace, upgrade.from);
  const { capsule } = await findCapsule(workspace, from);
  return { upgrade: { ...upgrade, from: capsule.capsuleHash } };
}

/**
 * Runs a plan, shows and reports it in the ways the flags ask for, and sets the exit code to its outcome.
 * @returns where its evidence is; undefined of a run of which there is no evidence
 */
export async function runPlan(
  context: CommandContext,
  workspace: Workspace,
  findPlan: () => Promise<Plan>,
  flags: RunFlags,
): Promise<string | undefined> {
  const otlp = flags.otlp === undefined ? undefined : receiverAddress(flags.otlp);
  const files = await ReportFiles.prepare(flags, () => workspace.now());
  const looking: Looking = {};
  try {
    await files.fill(async () => {
      const plan = await findPlan();
      const { finished, baseline } = await showRun(context, workspace, { plan, flags, looking });
      const { observation, recorded } = finished;
      if (observation.outcome === 'fail') process.exitCode = EXIT.fail;
      if (otlp !== undefined) await sendOrSay(context, observation, otlp);
      return {
        run: observation,
        facts: {
          ...(baseline === undefined ? {} : { comparisons: baseline.comparisons }),
          ...(recorded === undefined
            ? {}
            : { capsimFile: path.relative('.', recorded.capsimFile) }),
        },
      };
    });
    await holdUntilInterrupted(context, looking, modeOf(context, flags));
    return looking.run?.recorded?.capsimFile;
  } finally {
    await looking.run?.held?.end();
  }
}

/** What a run came to does not depend on who is told of it. */
async function sendOrSay(context: CommandContext, run: StatedRun, otlp: string): Promise<void> {
  try {
    await sendOtlp(run, otlp);
  } catch (error) {
    context.stderr.write(`${terminalText(`mesh-sim: ${messageOf(error)}`)}\n`);
  }
}

async function showRun(
  context: CommandContext,
  workspace: Workspace,
  asked: { readonly plan: Plan; readonly flags: RunFlags; readonly looking: Looking },
): Promise<{ finished: FinishedSimulation; baseline: Baseline | undefined }> {
  const { plan, flags, looking } = asked;
  const mode = modeOf(context, flags);
  const reporter = new RunReporter(context, mode, plan.params.nodes);
  const finished = await simulateMesh(workspace, {
    hostsFile: flags.hosts,
    plan,
    keepRuns: flags.keepRuns === true,
    concurrent: flags.concurrent === true,
    capture: captureModeOf(flags),
    hold: flags.hold,
    open: wantedLinks(flags),
    signal: context.signal,
    onStart: ({ nodesFolder, links, beyondMachine }) => {
      looking.links = links;
      links?.listen(reporter);
      if (flags.keepRuns === true) sayKept(context, plan, nodesFolder);
      if (mode !== 'quiet') {
        sayHosts(context, plan);
        warnOfFaults(context, plan, beyondMachine);
      }
    },
    onEvent: (event) => reporter.event(event),
    onWait: (sentence) => {
      if (mode !== 'quiet') sayWait(context, sentence);
    },
  }).finally(() => reporter.finish());
  looking.run = finished;
  const isCompared = mode !== 'json' || flags.summary !== undefined;
  const baseline = isCompared ? await baselineOfRun(workspace, finished) : undefined;
  report(context, mode, finished, reporter, baseline);
  return { finished, baseline };
}

/** @throws MeshSimError `usage` */
function captureModeOf({ pcap }: RunFlags): CaptureMode | undefined {
  if (pcap === undefined) return undefined;
  const mode = pcap === true ? 'headers' : CAPTURE_MODES.find((one) => one === pcap);
  if (mode !== undefined) return mode;
  throw new MeshSimError('usage', `--pcap takes ${CAPTURE_MODES.join(' or ')}, not "${pcap}".`);
}

/** As early as this: a run that is killed keeps them too. */
function sayKept(context: CommandContext, plan: Plan, folder: string): void {
  if (plan.world === 'virtual') return;
  const sentence = `mesh-sim: the folders of the nodes are kept in ${folder}`;
  context.stderr.write(`${terminalText(sentence)}\n`);
}

/** Before they are opened, which takes seconds: whoever replays a run learns which hosts its plan takes. */
function sayHosts(context: CommandContext, plan: Plan): void {
  const words = placementWords(plan.hosts, plan.params.nodes);
  if (words !== '') context.stderr.write(`mesh-sim: nodes live elsewhere: ${words}\n`);
}

/** On stderr: the events on stdout are read by programs. */
export function warnOfFaults(context: CommandContext, plan: Plan, beyond: readonly string[]): void {
  for (const sentence of [...faultsWithoutEffect(plan).map(idleFaultSentence), ...beyond]) {
    context.stderr.write(`${terminalText(`mesh-sim: ${sentence}`)}\n`);
  }
}

/** Only where there is something to compare: it takes verifying earlier evidence. */
async function baselineOfRun(
  workspace: Workspace,
  { recorded, observation }: FinishedSimulation,
): Promise<Baseline | undefined> {
  if (recorded === undefined || observation.indicators.length === 0) return undefined;
  const { capsim, capsimFile } = recorded;
  const statement = await readStatement(workspace, capsim, capsimFile);
  return baselineOf(workspace, statement.predicate.meshsim_evidence);
}

export function modeOf(context: CommandContext, flags: RunFlags): ReportMode {
  if (flags.json === true) return 'json';
  if (flags.quiet === true) return 'quiet';
  return context.stdout.isTTY ? 'terminal' : 'plain';
}

function report(
  context: CommandContext,
  mode: ReportMode,
  finished: FinishedSimulation,
  { view, output, builds }: RunReporter,
  baseline: Baseline | undefined,
): void {
  const { observation, recorded, simId, virtual } = finished;
  if (mode === 'json') {
    const capsim = recorded?.capsimFile;
    printJson(context, { type: 'evidence', simId, outcome: observation.outcome, capsim });
    return;
  }
  if (mode === 'quiet') {
    const cause = observation.cause === undefined ? '' : `  ${observation.cause}`;
    printLine(context, `${observation.outcome.toUpperCase()}  ${simId}${cause}`);
    return;
  }
  const paint = paintOf(context);
  const chunks = distinctChunks(finished.signed.capsule.manifest);
  const lines =
    virtual !== undefined && recorded === undefined
      ? virtualSummary(observation, virtual, paint)
      : summary(
          observation,
          {
            content: {
              chunks: chunks.length,
              bytes: chunks.reduce((sum, { size }) => sum + size, 0),
            },
            hops: { valid: view.hopsValid, invalid: view.hopsInvalid },
            output: output.lines(paint),
            ...(observation.upgrade === undefined ? {} : { upgrade: observation.upgrade }),
            builds: buildWords(builds.finished),
            ...(baseline === undefined ? {} : { baseline }),
            ...(recorded === undefined
              ? {}
              : { capsimFile: path.relative('.', recorded.capsimFile) }),
          },
          paint,
        );
  for (const line of lines) printLine(context, line);
}
