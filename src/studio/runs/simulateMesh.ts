import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { CaptureMode } from '../../model/captureMode.ts';
import type { MeshEvent } from '../../model/events.ts';
import { compilePlan } from '../../mesh/compiledPlan.ts';
import { assertServicesPlaced } from '../../mesh/placementRules.ts';
import { faultsBeyond } from '../../model/faultNeeds.ts';
import { MAX_REAL_NODES, type Plan } from '../../model/plan.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import { sha256Hex } from '../../signing/digest.ts';
import { proxyVariables, runRedactor } from '../../vault/proxyVariables.ts';
import { CaptureFile } from './captureFile.ts';
import { Hold, type HeldRun } from './heldRun.ts';
import { linksFor, type WantedLink } from '../../runtime/real/wantedLinks.ts';
import { buildLimit, pruneBuildResults } from './buildResults.ts';
import { capsuleBefore } from './capsuleBefore.ts';
import { collectRuns } from './collectRuns.ts';
import { requireKnownServices } from '../../mesh/faultServices.ts';
import { driftedCapsules } from './driftedCapsules.ts';
import { guardAgainstProduction } from '../deploy/environmentsGuard.ts';
import { EventLog } from './eventLog.ts';
import type { SignedCapsule } from '../capsules/findCapsule.ts';
import { assertIntact } from '../provenance/provenance.ts';
import { findOwnCapsule } from './ownPack.ts';
import { recordResult, type RecordedRun } from './recordResult.ts';
import { assertPinUsable } from './baseline.ts';
import { judgeRegression } from './regression.ts';
import { LOCAL_HOST } from '../../model/hostKinds.ts';
import { hostsOfNodes, isSpread } from '../../model/hostPlacement.ts';
import type { HostsFile } from '../../model/hosts.ts';
import { placesOf } from '../../model/placement.ts';
import { requireHosts } from '../../runtime/hosts/requireHosts.ts';
import { readHosts } from '../workspace/hostsFile.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { lacksForPlan } from './machineLacks.ts';
import { lockRuns, whileOwned } from './runLock.ts';
import { assertWire } from '../../runtime/real/assertWire.ts';
import type { ServiceLinks } from '../../runtime/real/serviceLinks.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { RunObservation } from '../../model/observation.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import { requirePrograms } from '../../runtime/real/requirePrograms.ts';
import type { ProductionGuard } from '../../runtime/real/options.ts';
import type { CapturedBlocks } from '../../runtime/real/switch/packetCapture.ts';
import { runWorld, type WorldOutcome, type WorldRun } from './runWorld.ts';
import { nodesFolderOf } from './runFolder.ts';
import { secretsOfRun, type RunSecrets } from '../workspace/secrets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

export interface SimulationRequest {
  readonly plan: Plan;
  /** Keep the node folders after the run. */
  readonly keepRuns: boolean;
  /** Run although another run of this workspace is under way. */
  readonly concurrent: boolean;
  /** Where hosts are described, in the place of the workspace's own file. */
  readonly hostsFile?: string | undefined;
  /** Keep the packets between services beside the run, and of each so much; left out: none. */
  readonly capture?: CaptureMode | undefined;
  /** Keep the nodes up once the run is sealed, until it is ended; left out: no. */
  readonly hold?: boolean | undefined;
  /** Ports of services that are opened on this machine as soon as they are healthy. */
  readonly open?: readonly WantedLink[] | undefined;
  /** Interrupts the run; ends it where it is held up. */
  readonly signal: AbortSignal;
  /** Called for every event as it happens. */
  /** @param line the event as JSON, as it is signed */
  readonly onEvent: (event: MeshEvent, line: string) => void;
  /** See RealRunOptions. */
  readonly onWait?: WorldRun['onWait'];
  /** Called once the run is accepted and about to start. */
  readonly onStart?: (run: StartedSimulation) => void;
}

export interface StartedSimulation {
  readonly simId: string;
  readonly signed: SignedCapsule;
  readonly nodesFolder: string;
  /** Undefined in virtual time, where no service runs. */
  readonly links: ServiceLinks | undefined;
  /** For each fault of the plan that this machine cannot apply, a sentence that says why. */
  readonly beyondMachine: readonly string[];
}

export interface FinishedSimulation extends WorldOutcome {
  readonly simId: string;
  readonly signed: SignedCapsule;
  /** Absent when the run has more nodes than evidence covers. */
  readonly recorded?: RecordedRun;
  /** Its nodes are still up; whoever asked for that has to end them. */
  readonly held?: HeldRun;
}

/**
 * Rehearses a plan and seals what was observed; resolves then, also where its nodes are held up. Everything that can be wrong
 * with the request is found before anything is written; from then on the ledger shows that a run was started, whatever becomes of it.
 * @throws MeshSimError for a bad request, `interrupted` when `signal` aborts, or what the runtime throws
 */
export async function simulateMesh(
  workspace: Workspace,
  request: SimulationRequest,
): Promise<FinishedSimulation> {
  if (request.hold !== true) return simulate(workspace, request, undefined);
  const hold = new Hold();
  const whole: Promise<FinishedSimulation> = simulate(workspace, request, (finished) =>
    hold.until(finished, whole, request.signal),
  );
  return Promise.race([hold.begun, whole]);
}

/** `holdUp` is called with the sealed run while its nodes are up, which they are until it resolves. */
async function simulate(
  workspace: Workspace,
  request: SimulationRequest,
  holdUp: ((finished: FinishedSimulation) => Promise<void>) | undefined,
): Promise<FinishedSimulation> {
  const { plan, signal } = request;
  await assertIntact(workspace);
  compilePlan(plan);
  assertLookable(request);
  if (plan.failOnRegression === true) await assertPinUsable(workspace);
  const signed = await findOwnCapsule(workspace, plan.capsuleHash);
  assertServicesPlaced(compilePlan(plan), signed.capsule.manifest.services);
  requireKnownServices(plan, signed.capsule.manifest.services);
  const before = await capsuleBefore(workspace, plan, signed);
  const packed = [signed, ...(before === undefined ? [] : [before])].map(({ capsule }) => capsule);
  const links = await linksFor(request, signed.capsule);
  const drifted = await driftedCapsules(workspace, plan, signed.capsule, signal);
  const secrets = await secretsFor(workspace, plan, signed, before);
  const hosts = await hostsFor(workspace, request);
  if (plan.world === 'real') {
    await requirePrograms(
      packed.flatMap(({ manifest }) => manifest.services).filter(({ name }) => isHere(plan, name)),
      workspace.options.environment.PATH ?? '',
    );
  }
  const capsules = [...packed, ...drifted.values()];
  const run = { plan, capsules, secrets: secrets.values };
  const guard = await guardAgainstProduction(workspace, run);
  const wireFor = whatNeedsWire(plan);
  if (wireFor !== undefined) {
    const door = path.join(workspace.options.bundleFolder, 'door.cjs');
    await assertWire(guard, { door }, wireFor);
  }
  const beyondMachine = await faultsBeyondMachine(workspace, plan, guard);
  const limit = buildLimit(workspace.options.environment);
  const simId = randomUUID();
  const release = request.concurrent
    ? () => Promise.resolve()
    : await lockRuns(workspace.paths.runs, simId);
  try {
    await collectRuns(workspace);
    await pruneBuildResults(workspace, limit);
    return await whileOwned(runPaths(workspace.paths, simId).folder, async () => {
      const nodesFolder = nodesFolderOf(workspace.options, simId);
      request.onStart?.({ simId, signed, nodesFolder, links, beyondMachine });
      const redactor = runRedactor(secrets.values, proxyVariables(workspace.options.environment));
      const seal = async (observed: RunObservation): Promise<FinishedSimulation> => {
        const observation = await judgeRegression(workspace, observed);
        const recorded = await recordResult(workspace, {
          ...{ observation, signed, before, redactor },
        });
        return { simId, signed, observation, recorded };
      };
      let sealing: Promise<FinishedSimulation> | undefined;
      const sealOnce = (observed: RunObservation) => (sealing ??= seal(observed));
      const outcome = await observeRun(workspace, {
        ...{ ...request, guard, simId, signed, before, capsules, drifted, secrets, links, hosts },
        holdUp: holdUp && (async (observed) => holdUp(await sealOnce(observed))),
      });
      if (!isSealed(plan)) return { simId, signed, ...outcome };
      return { ...outcome, ...(await sealOnce(outcome.observation)) };
    });
  } finally {
    await release();
  }
}

/** Whether there is evidence of such a run: its types are for 2 to 10 nodes, so larger virtual runs are for exploring. */
function isSealed({ params }: Plan): boolean {
  return params.nodes <= MAX_REAL_NODES;
}

/** The run tells of what could not be applied, too: that nobody could find it out before keeps none from running. */
async function faultsBeyondMachine(workspace: Workspace, plan: Plan, guard: ProductionGuard) {
  const lacks = await lacksForPlan(workspace, plan, guard).catch(() => ({}));
  return faultsBeyond(lacks, plan.chaos, plan.params.nodes);
}

/** Those that the plan may put nodes on. */
async function hostsFor(
  { options: { folder } }: Workspace,
  { plan, hostsFile }: SimulationRequest,
): Promise<HostsFile['hosts']> {
  if (!isSpread(plan.hosts, plan.params.nodes)) return {};
  const hosts = await readHosts(folder, hostsFile);
  requireHosts(plan, hosts, hostsFile);
  return hosts;
}

/** Whether some node of this machine runs the service. */
function isHere({ hosts, params, placement }: Plan, service: string): boolean {
  const names = hostsOfNodes(hosts, params.nodes);
  return placesOf(placement, service, params.nodes).some((node) => names[node] === LOCAL_HOST);
}

/** No service is started in a virtual run, so none is given a secret. */
async function secretsFor(
  workspace: Workspace,
  plan: Plan,
  { capsule }: SignedCapsule,
  before: SignedCapsule | undefined,
): Promise<RunSecrets> {
  return plan.world === 'virtual'
    ? { values: new Map() }
    : secretsOfRun(capsule, workspace.options, before?.capsule);
}

/** Of a plan for real nodes; undefined: nothing. */
function whatNeedsWire({ world, placement, upgrade }: Plan): 'placement' | 'beside' | undefined {
  if (placement !== undefined) return 'placement';
  if (world === 'virtual') return undefined;
  return startsBeside(upgrade) ? 'beside' : undefined;
}

/** What is asked for of services takes services. @throws MeshSimError usage */
function assertLookable({ plan, capture, hold, open = [] }: SimulationRequest): void {
  if (plan.world !== 'virtual') return;
  const asked: readonly (readonly [boolean, string, string])[] = [
    [capture !== undefined, 'there are no packets to keep', '--pcap'],
    [hold === true, 'there is nothing to hold up', '--hold'],
    [open.length > 0, 'there is no port to open', '--open'],
  ];
  const found = asked.find(([isAsked]) => isAsked);
  if (found === undefined) return;
  const [, nothing, flag] = found;
  const sentence = `No service runs in virtual time, so ${nothing}: leave ${flag} out, or --virtual.`;
  throw new MeshSimError('usage', sentence);
}

interface AcceptedRun extends SimulationRequest {
  readonly hosts: HostsFile['hosts'];
  readonly links: ServiceLinks | undefined;
  /** Called once the log is closed. */
  readonly holdUp: ((observation: RunObservation) => Promise<void>) | undefined;
  readonly guard: ProductionGuard;
  readonly simId: string;
  readonly signed: SignedCapsule;
  readonly before: SignedCapsule | undefined;
  readonly capsules: readonly Capsule[];
  readonly drifted: Awaited<ReturnType<typeof driftedCapsules>>;
  readonly secrets: RunSecrets;
}

async function observeRun(workspace: Workspace, run: AcceptedRun): Promise<WorldOutcome> {
  const paths = runPaths(workspace.paths, run.simId);
  await replaceFile(paths.plan, `${JSON.stringify(run.plan, null, 2)}\n`);
  const ledger = await workspace.ledgerToAppend();
  await ledger.append({
    v: 1,
    kind: 'sim-started',
    at: workspace.now(),
    capsuleHash: run.signed.capsule.capsuleHash,
    simId: run.simId,
    planDigest: sha256Hex(canonicalBytes(run.plan)),
  });
  const broken = new AbortController();
  const log = new EventLog(paths.events, (error) => broken.abort(error));
  const signal = AbortSignal.any([run.signal, broken.signal]);
  const capture =
    run.capture === undefined ? undefined : captureIn(paths.folder, run.capture, broken);
  let closing: Promise<unknown> | undefined;
  const close = () => (closing ??= Promise.all([log.close(), capture?.close()]));
  const holdUp =
    run.holdUp &&
    (async (observation: RunObservation) => {
      await close();
      await run.holdUp?.(observation);
    });
  try {
    return await runWorld(workspace, { ...run, capture, holdUp, signal }, (event, line) => {
      log.write(line);
      run.onEvent(event, line);
    });
  } finally {
    await close();
  }
}

/** What cannot be kept ends the run. */
function captureIn(folder: string, mode: CaptureMode, broken: AbortController) {
  const file = new CaptureFile({ folder, mode, onFailure: (error) => broken.abort(error) });
  return {
    mode,
    write: (captured: CapturedBlocks) => file.write(captured),
    close: () => file.close(),
  };
}
