import { mkdir, realpath } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';
import { findDeniedAddresses } from '../../agent/guard/deniedAddresses.ts';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import { distinctChunks } from '../../model/capsule.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { RunObservation } from '../../model/observation.ts';
import type { Plan } from '../../model/plan.ts';
import { ServiceMeasures } from '../../model/serviceMeasures.ts';
import { runRedactor } from '../../vault/proxyVariables.ts';
import { soundedServices, watchedServices } from '../askedServices.ts';
import { RunObserver } from '../observe.ts';
import { RunRecorder } from '../recorder.ts';
import { DiskFaults } from './disk/diskFaults.ts';
import { NodeDisks } from './disk/nodeDisks.ts';
import { HealthyPlaces } from './healthyPlaces.ts';
import type { RealRunOptions } from './options.ts';
import { compilePlan } from '../../mesh/compiledPlan.ts';
import { assertServicesPlaced } from '../../mesh/placementRules.ts';
import { refusalEvent } from './refusalEvent.ts';
import { Rehearsal } from './rehearsal.ts';
import { longestBuildMs, RolloutDeadline } from './rolloutDeadline.ts';
import { requireCongestionControl } from './requireCongestionControl.ts';
import { requireSecrets } from './requireSecrets.ts';
import { refuseVainMigrationFaults } from './migrationFaults.ts';
import { refuseUnableChecks } from './upgradeLimits.ts';
import {
  capsuleOfVersion,
  checkingVersion,
  manifestsOf,
  runnableCapsules,
  runnableServices,
} from './runnableServices.ts';
import { LocalNodes } from '../hosts/localNodes.ts';
import { heldByWays } from '../hosts/requireRates.ts';
import { RemoteNodes } from '../hosts/remote/remoteNodes.ts';
import { RunHosts } from '../hosts/runHosts.ts';
import { RunProcesses } from './runProcesses.ts';
import { leaseServicePorts, type ServicePortLease } from './servicePorts.ts';
import { portNamesOf } from './switch/traffic/targetNames.ts';
import { SwitchProcess } from './switchProcess.ts';
import { concludeRun } from './conclude.ts';
import {
  checkHealth,
  compareContents,
  measureMesh,
  measureServices,
  stopAgents,
} from './windDown.ts';

export type { RealRunOptions } from './options.ts';

/**
 * Rehearses a plan on real processes: one agent per node, loopback sockets through the network emulator, the services
 * of the Capsule. Resolves to what was observed, whether the run passed or failed. Nothing it started survives it.
 * @throws MeshSimError `interrupted` when `signal` aborts, or its reason when that is another failure; `plan-invalid`,
 * `secret-missing`, `port-unavailable`, `agent-failed`; `disk-failed`, `machine-exhausted` as soon as anything meets it.
 */
export async function runReal(given: RealRunOptions): Promise<RunObservation> {
  if (given.signal.aborted) throw interrupted();
  refuseUnableChecks(given.plan, capsuleOfVersion(given, checkingVersion(given)).manifest);
  const compiled = compilePlan(given.plan);
  const moved = runnableCapsules(given).map(({ manifest }) => manifest);
  refuseVainMigrationFaults(given.plan, compiled.schedule, moved);
  assertServicesPlaced(compiled, given.capsule.manifest.services);
  requireSecrets(given);
  requireCongestionControl(given.plan);
  // Processes are found by their working folder, which the system tells without links.
  const options = { ...given, runFolder: await makeFolders(given) };
  const addresses = findDeniedAddresses(options.guard.deny);
  const redactor = runRedactor(options.secrets, options.proxy);
  const remote = await RemoteNodes.open({ options, redactor });
  let leased: ServicePortLease | undefined;
  let disks: NodeDisks | undefined;
  try {
    leased = await leaseServicePorts(options, remote.nodes);
    const { servicePorts } = leased;
    const deniedAddresses = await addresses;
    disks = await NodeDisks.open(compiled.schedule, options, remote.nodes);
    const found = { compiled, servicePorts, deniedAddresses, disks, redactor, remote };
    return await runLeased(options, found);
  } finally {
    await remote.close();
    await disks?.close();
    await leased?.lease.release();
  }
}

type Prepared = Pick<
  ConstructorParameters<typeof Rehearsal>[0],
  'compiled' | 'servicePorts' | 'deniedAddresses' | 'disks' | 'redactor'
> & { readonly remote: RemoteNodes };

async function runLeased(options: RealRunOptions, prepared: Prepared): Promise<RunObservation> {
  const { simId, plan, clock, sink, capture, signal } = options;
  const { redactor, remote } = prepared;
  const startedAt = clock.wall();
  const origin = clock.monotonic();
  const now = () => clock.monotonic() - origin;
  const chunks = distinctChunks(options.capsule.manifest).length;
  const observer = new RunObserver({ simId, compiled: prepared.compiled, startedAt, chunks });
  const { services } = options.capsule.manifest;
  const measures = new ServiceMeasures(
    services.map(({ name }) => name),
    plan,
  );
  const all = Array.from({ length: plan.params.nodes }, (_, index) => index);
  const nodes = all.filter((index) => !remote.nodes.has(index));
  const broken = new AbortController();
  const onBroken = (error: MeshSimError) => broken.abort(error);
  const { runFolder } = options;
  const processes = new RunProcesses({ simId, runFolder, nodes, redactor, onBroken });
  const recorder = new RunRecorder({
    simId,
    redactor,
    sink: (event, line) => {
      observer.apply(event);
      measures.apply(event);
      sink(event, line);
    },
  });
  let isConcluded = false;
  // What happens while nodes are held up is in no record: it is closed.
  const emit = (at: number, body: MeshEventBody) => {
    if (!isConcluded) recorder.emit(at, body);
  };
  let rehearsal: Rehearsal | undefined;
  const onDone = () => rehearsal?.changes.happened();
  const diskFaults = new DiskFaults({ disks: prepared.disks, now, emit, onDone });
  let deadline: RolloutDeadline | undefined;
  let switchProcess: SwitchProcess | undefined;
  let isReported = false;
  const stopped = AbortSignal.any([signal, broken.signal]);
  try {
    // A machine may have no process to give: what looks at processes is to be closed then too.
    switchProcess = new SwitchProcess({
      entry: options.bundles.switch,
      compileCacheFolder: options.compileCacheFolder,
      simId,
      plan,
      origin,
      // What still lands after the report is in no count and in no digest: the record is closed.
      onPackets: (packets) => {
        if (!isReported) rehearsal?.onPackets(packets);
      },
      portNames: portNamesOf(runnableServices(options)),
      onTraffic: (event) => {
        if (!isReported) rehearsal?.onTraffic(event);
      },
      ...(capture === undefined ? {} : { capture: { mode: capture.mode, startedAt } }),
      onCaptured: (captured) => {
        if (!isReported) capture?.write(captured);
      },
      onRefusal: (news) => emit(now(), refusalEvent(news)),
      onFailure: onBroken,
    });
    emit(0, {
      type: 'run',
      status: 'started',
      startedAt: new Date(startedAt).toISOString(),
      ...(capture === undefined ? {} : { capture: capture.mode }),
    });
    const manifests = runnableCapsules(options).map(({ manifest }) => manifest);
    deadline = new RolloutDeadline(plan.deadlineMs, longestBuildMs(manifests), now);
    const local = new LocalNodes({
      ...{ options, origin, processes },
      disks: prepared.disks,
      stepsBack: !switchProcess.comesFirst,
    });
    const hosts = new RunHosts({ local, processes, remote: remote.nodes });
    remote.begin({ origin, switchProcess, onBroken });
    for (const home of remote.homes()) emit(now(), { type: 'host', ...home });
    for (const held of heldByWays(plan, remote.realWays)) {
      emit(now(), { type: 'log', ...held, status: 'agent' });
    }
    rehearsal = new Rehearsal({
      ...prepared,
      options,
      deadline,
      healthyPlaces: new HealthyPlaces(plan, runnableServices(options)),
      diskFaults,
      switchProcess,
      hosts,
      now,
      emit,
      onBroken,
    });
    rehearsal.launch();
    await untilSettled(rehearsal, plan, { deadline, stopped });
    const latencyMatrix = await measureMesh(rehearsal, plan, { emit, now, stopped });
    const watched = watchedServices(manifestsOf(options));
    const isSounded = soundedServices(manifestsOf(options)).length > 0;
    await measureServices(rehearsal, watched, isSounded, { emit, now, stopped });
    await checkHealth(rehearsal, { emit, now, stopped });
    const { holdUp } = options;
    if (holdUp === undefined) await stopAgents(rehearsal, services.length, { emit, now, stopped });
    else await compareContents(rehearsal, { emit, now, stopped });
    const report = await switchProcess.report();
    isReported = true;
    if (holdUp === undefined) await switchProcess.stop();
    const observation = concludeRun({
      options,
      ...prepared,
      rehearsal,
      observer,
      measures,
      recorder,
      now,
      report,
      latencyMatrix,
      processes: holdUp === undefined ? await hosts.endRest() : hosts.whileHeld(),
      deviceDrops: hosts.deviceDrops,
      hosts: await remote.reports(),
      kernels: [...(nodes.length > 0 ? [release()] : []), ...remote.kernels],
    });
    isConcluded = true;
    if (holdUp !== undefined) {
      await holdUp(observation);
      await stopAgents(rehearsal, services.length, { emit, now, stopped: broken.signal });
    }
    return observation;
  } catch (error) {
    const reason = interruption(signal, broken.signal);
    if (reason?.code === 'interrupted') emit(now(), { type: 'run', status: 'cancelled' });
    throw reason ?? error;
  } finally {
    deadline?.close();
    rehearsal?.killAll();
    await diskFaults.close();
    await rehearsal?.allEnded();
    // It carries the mark of the run, and is none of what the run may have left.
    await switchProcess?.stop();
    await processes.endRest().finally(() => processes.close());
  }
}

/** Everybody has arrived or cannot arrive any more, or the plan's deadline has passed. */
async function untilSettled(
  rehearsal: Rehearsal,
  { deadlineMs }: Plan,
  { deadline, stopped }: { readonly deadline: RolloutDeadline; readonly stopped: AbortSignal },
): Promise<void> {
  const either = AbortSignal.any([stopped, deadline.passed]);
  await rehearsal.changes.until(() => rehearsal.isSettled, either);
  stopped.throwIfAborted();
  rehearsal.beginEnding();
  for (const node of rehearsal.nodes) {
    if (node.status !== 'running') continue;
    rehearsal.fail(
      node,
      `${node.id} was not healthy within ${deadlineMs} ms, the plan's deadline${deadline.notCounted}: it was still in phase "${node.openPhase ?? 'boot'}".`,
    );
  }
}

function interruption(signal: AbortSignal, broken: AbortSignal): MeshSimError | undefined {
  if (broken.aborted && broken.reason instanceof MeshSimError) return broken.reason;
  if (!signal.aborted) return undefined;
  // Whoever is to keep the record of the run may have failed to.
  const { reason } = signal as { reason: unknown };
  return reason instanceof MeshSimError && reason.code !== 'interrupted' ? reason : interrupted();
}

function interrupted(): MeshSimError {
  return new MeshSimError('interrupted', 'The run was interrupted; nothing of it was left behind.');
}

/** The real path of the run folder. */
async function makeFolders(options: RealRunOptions): Promise<string> {
  const { runFolder, buildCacheFolder, toolCacheFolder } = options;
  try {
    for (const folder of [runFolder, buildCacheFolder, toolCacheFolder]) {
      await mkdir(folder, { recursive: true });
    }
    return await realpath(runFolder);
  } catch (error) {
    const fault = machineFault(error, { folder: path.dirname(runFolder) });
    if (fault !== undefined) throw fault;
    throw new MeshSimError(
      'disk-failed',
      `Could not create the folder of the run (${messageOf(error)}): check the disk and its permissions.`,
      { cause: error },
    );
  }
}
