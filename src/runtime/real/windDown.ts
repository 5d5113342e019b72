import type { MeshEventBody } from '../../model/events.ts';
import { answersToTell } from '../../model/lossSample.ts';
import type { Plan } from '../../model/plan.ts';
import { weakestLink } from '../../model/plannedLinks.ts';
import { ENOUGH_ANSWERS } from '../../model/serviceMeasures.ts';
import type { WatchedService } from '../askedServices.ts';
import type { NodeRecord } from './nodeRecord.ts';
import type { Rehearsal } from './rehearsal.ts';

/** Beyond this the nodes' own patience with lost probes has ended long ago: an agent hangs. */
const MEASURE_LIMIT_MS = 30_000;

/** Enough probes take two seconds; a machine that is too busy for them gets what it managed in this time. */
const OBSERVE_LIMIT_MS = 10_000;

/**
 * A process tells of its calls every 200 ms, and its agent looks as often: those that the last probes led to, which may be the
 * slowest, are told of by then.
 */
const LAST_CALLS_MS = 500;

/** An agent gives a service that does not pass 10 seconds. */
const HEALTH_LIMIT_MS = 30_000;

/** Services are asked to end one after the other, dependents first; one that does not takes 4 s to be ended. */
const STOP_LIMIT_MS = 6_000;
const STOP_SERVICE_MS = 4_000;

export interface WindDown {
  readonly emit: (at: number, body: MeshEventBody) => void;
  readonly now: () => number;
  readonly stopped: AbortSignal;
}

/** Lets every READY node probe all others, and returns the measured one-way latencies. */
export async function measureMesh(
  rehearsal: Rehearsal,
  plan: Plan,
  { emit, now, stopped }: WindDown,
): Promise<number[][]> {
  emit(now(), { type: 'run', status: 'measuring' });
  const ready = talkingNodes(rehearsal);
  const count = answersToTell(plan.params.nodes, weakestLink(plan).lossPercent / 100);
  for (const node of ready) {
    node.probing = true;
    node.process?.send({ type: 'probe', count });
  }
  await rehearsal.changes.until(
    () => ready.every((node) => !node.probing || isGone(node)),
    AbortSignal.any([stopped, AbortSignal.timeout(MEASURE_LIMIT_MS)]),
  );
  stopped.throwIfAborted();
  const matrix = rehearsal.effects.latencies.matrix();
  emit(now(), { type: 'latency', matrix });
  return matrix;
}

/**
 * Lets READY nodes go on asking each other for services, and their services calling each other, until each that is watched was
 * seen often enough, and waits for every answer that is still under way: leaving out the slow ones would make a service look
 * faster than it is.
 * @param isSounded nodes also ask each other, in an upgrade, whether services take connections
 */
export async function measureServices(
  rehearsal: Rehearsal,
  watched: readonly WatchedService[],
  isSounded: boolean,
  { stopped }: WindDown,
): Promise<void> {
  if (watched.length === 0 && !isSounded) return;
  const ready = talkingNodes(rehearsal);
  const within = (ms: number) => AbortSignal.any([stopped, AbortSignal.timeout(ms)]);
  const isEnough = () =>
    ready.filter((node) => !isGone(node)).length < 2 ||
    rehearsal.effects.probes.fewest(watched) >= ENOUGH_ANSWERS;
  await rehearsal.changes.until(isEnough, within(OBSERVE_LIMIT_MS));
  for (const node of ready) {
    node.asking = true;
    node.process?.send({ type: 'end-asking' });
  }
  await rehearsal.changes.until(
    () => ready.every((node) => !node.asking || isGone(node)),
    within(MEASURE_LIMIT_MS),
  );
  if (watched.some(({ by }) => by === 'calls')) {
    await rehearsal.changes.until(() => false, within(LAST_CALLS_MS));
  }
  stopped.throwIfAborted();
  rehearsal.flushProbes();
  rehearsal.effects.probes.end();
}

/**
 * Asks every service of every READY node for its health once more. Chaos is over by now, so what is seen is what the last fault
 * left. A node of which one does not pass, or that does not answer, is not READY any more.
 */
export async function checkHealth(rehearsal: Rehearsal, { stopped }: WindDown): Promise<void> {
  const ready = rehearsal.nodes.filter(({ status }) => status === 'ready');
  for (const node of ready) node.process?.send({ type: 'check-health' });
  await rehearsal.changes.until(
    () => ready.every((node) => node.health !== undefined || node.isOver || isGone(node)),
    AbortSignal.any([stopped, AbortSignal.timeout(HEALTH_LIMIT_MS)]),
  );
  stopped.throwIfAborted();
  for (const node of ready) {
    if (node.health !== undefined) continue;
    const why = isGone(node) ? 'its agent has ended' : 'its agent does not answer';
    rehearsal.fail(node, `${node.id} could not be asked for its health at the end: ${why}.`);
  }
}

/** Asks all agents what lies on their disks, of a run that is held up: their services run on. */
export async function compareContents(rehearsal: Rehearsal, { stopped }: WindDown): Promise<void> {
  const up = rehearsal.nodes.filter((node) => !isGone(node));
  for (const node of up) {
    rehearsal.takeDrops(node);
    node.process?.send({ type: 'tell-contents' });
  }
  await rehearsal.changes.until(
    () => up.every((node) => node.contentsAtEnd !== undefined || isGone(node)),
    AbortSignal.any([stopped, AbortSignal.timeout(HEALTH_LIMIT_MS)]),
  );
  stopped.throwIfAborted();
}

/** Asks all agents to stop their services and to end; whoever does not is killed. Nothing runs afterwards. */
export async function stopAgents(
  rehearsal: Rehearsal,
  services: number,
  { emit, now, stopped }: WindDown,
): Promise<void> {
  emit(now(), { type: 'run', status: 'stopping' });
  for (const node of rehearsal.nodes) {
    rehearsal.takeDrops(node);
    node.process?.send({ type: 'stop' });
  }
  await rehearsal.changes.until(
    () => rehearsal.nodes.every(isGone),
    AbortSignal.any([stopped, AbortSignal.timeout(STOP_LIMIT_MS + services * STOP_SERVICE_MS)]),
  );
  stopped.throwIfAborted();
  rehearsal.killAll();
  await rehearsal.allEnded();
}

/** One that has halted in an upgrade serves on, but says nothing to others. */
function talkingNodes({ nodes }: Rehearsal): NodeRecord[] {
  return nodes.filter(({ status, hasHalted }) => status === 'ready' && !hasHalted);
}

function isGone({ process }: NodeRecord): boolean {
  return process?.isGone !== false;
}
