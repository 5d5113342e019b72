import path from 'node:path';
import { distinctChunks, type Capsule, type Manifest } from '../../model/capsule.ts';
import type { MeshEvent } from '../../model/events.ts';
import type { RunObservation } from '../../model/observation.ts';
import type { Plan } from '../../model/plan.ts';
import { isOneShot } from '../../model/registry.ts';
import type { PacketSink, ProductionGuard, RealRunOptions } from '../../runtime/real/options.ts';
import { runReal } from '../../runtime/real/run.ts';
import {
  runVirtual,
  type VirtualRunOptions,
  type VirtualSummary,
} from '../../runtime/virtual/run.ts';
import { coveredFolders } from './coveredFolders.ts';
import { makeRunFolder, removeRunFolder } from './runFolder.ts';
import type { SignedCapsule } from '../capsules/findCapsule.ts';
import type { RunSecrets } from '../workspace/secrets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';
import { proxyVariables } from '../../vault/proxyVariables.ts';
import { makeCompiledCodeFolder } from './compiledCode.ts';
import { makeToolCache } from './toolCache.ts';

export interface WorldRun {
  readonly simId: string;
  readonly plan: Plan;
  readonly signed: SignedCapsule;
  /** What nodes run at first; left out: nothing. */
  readonly before?: SignedCapsule | undefined;
  readonly drifted: ReadonlyMap<string, Capsule>;
  /** All that nodes may run: these, and the one before. */
  readonly capsules: readonly Capsule[];
  readonly secrets: RunSecrets;
  readonly guard: ProductionGuard;
  /** Keep the folders of the nodes after the run. */
  readonly keepRuns: boolean;
  /** Takes the packets between services; left out: they are not kept. */
  readonly capture?: PacketSink | undefined;
  readonly hosts?: RealRunOptions['hosts'];
  readonly links?: RealRunOptions['links'];
  readonly holdUp?: RealRunOptions['holdUp'];
  readonly onWait?: RealRunOptions['onWait'];
  readonly signal: AbortSignal;
}

export interface WorldOutcome {
  readonly observation: RunObservation;
  /** Only of a virtual run. */
  readonly virtual?: VirtualSummary;
}

/** Drives the plan in the world it names: real processes, or the same protocol under a virtual clock. */
export function runWorld(
  workspace: Workspace,
  run: WorldRun,
  sink: (event: MeshEvent, line: string) => void,
): Promise<WorldOutcome> {
  return run.plan.world === 'virtual'
    ? runInVirtualWorld(workspace, run, sink)
    : runInRealWorld(workspace, run, sink);
}

async function runInVirtualWorld(
  workspace: Workspace,
  { simId, plan, signed, before, signal }: WorldRun,
  sink: (event: MeshEvent, line: string) => void,
): Promise<WorldOutcome> {
  const { observation, summary } = await runVirtual({
    ...virtualContent(workspace, signed, before),
    ...{ simId, plan, sink, signal },
  });
  return { observation, virtual: summary };
}

/** What a virtual run knows of the Capsules of a plan, of this machine and of the time. */
export function virtualContent(
  workspace: Workspace,
  { capsule }: SignedCapsule,
  before: SignedCapsule | undefined,
): Omit<VirtualRunOptions, 'simId' | 'plan' | 'sink' | 'signal'> {
  const { manifest, bytes } = capsule;
  return {
    chunkSizes: distinctChunks(manifest).map(({ size }) => size),
    manifestBytes: bytes.length,
    ...servicesOf(manifest),
    ...(before === undefined ? {} : { before: servicesOf(before.capsule.manifest) }),
    startedAt: workspace.clock.wall(),
    environment: {
      os: process.platform,
      arch: process.arch,
      node: process.version,
      product: workspace.options.product,
    },
  };
}

function servicesOf({ services }: Manifest) {
  return {
    services: services.map(({ name }) => name),
    oneShots: services.filter(isOneShot).map(({ name }) => name),
  };
}

async function runInRealWorld(
  workspace: Workspace,
  run: WorldRun,
  sink: (event: MeshEvent, line: string) => void,
): Promise<WorldOutcome> {
  const {
    simId,
    plan,
    signed,
    before,
    drifted,
    secrets,
    guard,
    capture,
    links,
    holdUp,
    onWait,
    signal,
  } = run;
  const { bundleFolder, environment, product } = workspace.options;
  const cover = await coveredFolders(workspace.options, run.capsules);
  const record = runPaths(workspace.paths, simId).folder;
  const runFolder = await makeRunFolder(workspace.options, { simId, record, keeps: run.keepRuns });
  const observation = await runReal({
    simId,
    plan,
    capsule: signed.capsule,
    packEnvelope: signed.envelope,
    publicKey: signed.publicKey,
    before,
    drifted,
    storeFolder: workspace.paths.objects,
    runFolder,
    buildCacheFolder: workspace.paths.buildCache,
    toolCacheFolder: await makeToolCache(workspace),
    compileCacheFolder: await makeCompiledCodeFolder(environment),
    proxy: proxyVariables(environment),
    bundles: {
      agent: path.join(bundleFolder, 'agent.cjs'),
      switch: path.join(bundleFolder, 'switch.cjs'),
      guard: path.join(bundleFolder, 'guard.cjs'),
      door: path.join(bundleFolder, 'door.cjs'),
      relay: bundleFolder,
      pipes: path.join(bundleFolder, 'pipes.cjs'),
      keeper: path.join(bundleFolder, 'keeper.cjs'),
    },
    hostPath: environment.PATH ?? '',
    hostEnvironment: environment,
    hosts: run.hosts,
    secrets: secrets.values,
    guard,
    cover,
    ...(secrets.fingerprint === undefined ? {} : { envFingerprint: secrets.fingerprint }),
    product,
    clock: workspace.clock,
    sink,
    capture,
    links,
    holdUp,
    onWait,
    signal,
  }).finally(async () => {
    // How the run ended is what matters: folders that cannot be removed do not change that.
    await removeRunFolder(workspace.options, simId).catch(() => undefined);
  });
  return { observation };
}
