import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MeshSimError } from '../../base/errors.ts';
import { compilePlan } from '../../mesh/compiledPlan.ts';
import { lowerBound } from '../../mesh/bound.ts';
import { checkInvariants } from '../../mesh/invariants.ts';
import type { NetworkReport } from '../../model/evidence.ts';
import { isViolated, type Invariant } from '../../model/invariants.ts';
import type { RunObservation } from '../../model/observation.ts';
import { MAX_REAL_NODES } from '../../model/plan.ts';
import { QuantileSketch } from '../../network/quantileSketch.ts';
import { invariantEvent } from '../invariantEvent.ts';
import { RunObserver } from '../observe.ts';
import { RunRecorder } from '../recorder.ts';
import { nodeFacts } from './nodeFacts.ts';
import type { Detail, VirtualRun, VirtualRunOptions, VirtualSummary } from './options.ts';
import { VirtualRehearsal } from './rehearsal.ts';

export type { VirtualRun, VirtualRunOptions, VirtualSummary } from './options.ts';

/** Up to here every node's phases are events; above, a run of 100,000 nodes would spend its time on writing lines. */
const NODE_EVENTS = 2000;
/** Between two looks at the signal. */
const EVENTS_PER_TURN = 50_000;
/** Probing gives up by itself before. */
const MEASURING_MS = 30_000;

/** Above MAX_REAL_NODES nothing is sealed: without anybody to look at them, nodes' events are not made. */
function detailOf(nodes: number, hasSink: boolean): Detail {
  if (nodes <= MAX_REAL_NODES) return 'all';
  return hasSink && nodes <= NODE_EVENTS ? 'nodes' : 'run';
}

/** Lets events happen until `done`, or until `untilMs`, or until nothing is left to happen. */
async function play(
  rehearsal: VirtualRehearsal,
  done: () => boolean,
  untilMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { world } = rehearsal;
  let left = EVENTS_PER_TURN;
  while (!done() && world.nowMs < untilMs) {
    if (!world.step()) return;
    left -= 1;
    if (left > 0) continue;
    left = EVENTS_PER_TURN;
    await nextTurn();
    if (signal?.aborted === true) return;
  }
}

function networkReport(options: VirtualRunOptions, rehearsal: VirtualRehearsal): NetworkReport {
  const { world, lastStoredAt } = rehearsal;
  const { table } = rehearsal.compiled;
  const bound = lowerBound(table, options.chunkSizes);
  const chunks = options.chunkSizes.length;
  const isComplete = world.nodes.every(({ protocol }) => (protocol?.have ?? 0) >= chunks);
  const isSpread = isComplete && world.firstChunkAt >= 0;
  const disseminationMs = isSpread ? Math.max(0, lastStoredAt - world.firstChunkAt) : -1;
  const round3 = (value: number) => Math.round(value * 1000) / 1000;
  return {
    links: table.nodes <= MAX_REAL_NODES ? world.emulator.linkReports() : [],
    decisionsDigest: world.emulator.decisionsDigest(),
    timingErrorMs: world.emulator.timingError(),
    lowerBoundMs: round3(bound.ms),
    disseminationMs: round3(disseminationMs),
    efficiency: disseminationMs > 0 ? round3(bound.ms / disseminationMs) : 0,
    bandwidthModel: bound.model,
  };
}

function summaryOf(rehearsal: VirtualRehearsal, cpuMs: number): VirtualSummary {
  const { world, readyAt } = rehearsal;
  const sketch = new QuantileSketch();
  let ready = 0;
  for (const node of world.nodes) {
    if (node.status !== 'ready') continue;
    ready += 1;
    sketch.add(readyAt[node.index] ?? 0);
  }
  const trace = `${world.events} ${world.packets} ${world.nowMs} ${world.trace}`;
  return {
    events: world.events,
    packets: world.packets,
    sentBytes: world.emulator.sentBytes(),
    nodes: world.nodes.length,
    ready,
    readyAtMs: sketch.quantiles(),
    virtualMs: world.nowMs,
    cpuMs,
    traceHash: createHash('sha256').update(trace).digest('hex'),
  };
}

/** A large run's reports would be larger than its evidence may be: only what concerns the whole run is kept. */
function withoutNodes(
  observation: RunObservation,
  rehearsal: VirtualRehearsal,
  invariants: readonly Invariant[],
): RunObservation {
  const { nodes } = rehearsal.world;
  const behind = nodes.filter((node) => node.status !== 'ready');
  const broken = invariants.find(isViolated);
  const passed = behind.length === 0 && broken === undefined;
  const cause =
    broken?.details ?? `${behind.length} of ${nodes.length} nodes did not become healthy.`;
  const kept = { ...observation, nodeReports: [], recovery: [] };
  delete kept.cause;
  return passed ? { ...kept, outcome: 'pass' } : { ...kept, outcome: 'fail', cause };
}

/**
 * Runs a plan in virtual time. Deterministic: the same options give the same events, byte for byte, on any machine.
 * @throws MeshSimError plan-invalid, or interrupted when `signal` is aborted
 */
export async function runVirtual(options: VirtualRunOptions): Promise<VirtualRun> {
  const { simId, plan, startedAt, signal } = options;
  const cpuBefore = process.cpuUsage();
  const detail = detailOf(plan.params.nodes, options.sink !== undefined);
  const compiled = compilePlan(plan);
  const observer = new RunObserver({
    simId,
    compiled,
    startedAt,
    chunks: options.chunkSizes.length,
  });
  const recorder = new RunRecorder({
    simId,
    sink: (event, line) => {
      observer.apply(event);
      options.sink?.(event, line);
    },
  });
  const emit = recorder.emit.bind(recorder);
  const rehearsal = new VirtualRehearsal(options, compiled, detail, emit);
  const { world } = rehearsal;
  emit(0, { type: 'run', status: 'started', startedAt: new Date(startedAt).toISOString() });
  rehearsal.begin();
  await play(rehearsal, () => rehearsal.isSettled, plan.deadlineMs, signal);
  if (signal?.aborted === true) {
    emit(world.nowMs, { type: 'run', status: 'cancelled' });
    const { reason } = signal as { reason: unknown };
    if (reason instanceof MeshSimError && reason.code !== 'interrupted') throw reason;
    throw new MeshSimError('interrupted', 'The virtual run was interrupted; nothing was sealed.');
  }
  const latencyMatrix = detail === 'all' ? await measure(rehearsal, emit, signal) : [];
  emit(world.nowMs, { type: 'run', status: 'stopping' });
  rehearsal.packets?.flush();
  const invariants = [
    ...checkInvariants({
      nodes: nodeFacts(rehearsal),
      unfired: rehearsal.chaos.director.unfired(),
      processes: 'none-started',
      virtualMs: world.nowMs,
    }),
    ...(rehearsal.upgrade?.invariants() ?? []),
  ];
  for (const invariant of invariants) emit(world.nowMs, invariantEvent(invariant));
  emit(world.nowMs, { type: 'run', status: 'finished' });
  const observation = observer.observe({
    endedAt: world.nowMs,
    latencyMatrix,
    invariants,
    indicators: [],
    network: networkReport(options, rehearsal),
    impaired: world.emulator.impairedBy(),
    events: recorder.seal(),
    environment: { ...options.environment, fidelity: 'virtual', degraded: false },
  });
  const cpu = process.cpuUsage(cpuBefore);
  return {
    observation: detail === 'all' ? observation : withoutNodes(observation, rehearsal, invariants),
    summary: summaryOf(rehearsal, (cpu.user + cpu.system) / 1000),
  };
}

async function measure(
  rehearsal: VirtualRehearsal,
  emit: RunRecorder['emit'],
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const { world } = rehearsal;
  emit(world.nowMs, { type: 'run', status: 'measuring' });
  rehearsal.measure();
  await play(rehearsal, () => rehearsal.isMeasured, world.nowMs + MEASURING_MS, signal);
  const matrix = rehearsal.latencies.matrix();
  emit(world.nowMs, { type: 'latency', matrix });
  return matrix;
}
