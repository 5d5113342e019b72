import type { MeshEvent } from './events.ts';
import type { Home, Way } from './home.ts';
import type { Invariant, Observed } from './invariants.ts';
import { OUTCOMES } from './packetClasses.ts';
import { nodeIdOf, nodeIndexOf } from './nodeIds.ts';
import type { NodePhase } from './plan.ts';
import { isUpStatus } from './serviceStatus.ts';
import type { Turn } from './turns.ts';

export type NodeState = 'waiting' | 'up' | 'crashed' | 'halted' | 'failed' | 'ready' | 'stopped';

/** One node as a person wants to see it while a run goes on. */
export interface NodeView {
  readonly nodeId: string;
  state: NodeState;
  phase: NodePhase;
  phaseStatus: 'waiting' | 'started' | 'ok' | 'error';
  /** Start and end of each phase's last attempt, ms since the run began; -1: not yet. */
  readonly phaseTimes: Record<NodePhase, { start: number; end: number }>;
  chunksHave: number;
  chunksTotal: number;
  redelivered: number;
  kept: number;
  crashes: number;
  hopsValid: number;
  hopsInvalid: number;
  /** Names of its services that are healthy, one-shot services that have done their work among them. */
  servicesUp: string[];
  /** Where it lives; left out: on the machine that rehearses. */
  home?: Home & Way;
  /** The newest sentence about it. */
  details: string;
}

export interface RunView {
  simId: string;
  status: 'waiting' | 'started' | 'measuring' | 'stopping' | 'finished' | 'cancelled';
  /** ms since the run began, of the newest event. */
  at: number;
  readonly nodes: NodeView[];
  ready: number;
  hopsValid: number;
  hopsInvalid: number;
  hopsUnchecked: number;
  chunksStored: number;
  refusals: number;
  /** Names of all services any node was told to do something with. */
  readonly services: string[];
  packetsSent: number;
  packetsDelivered: number;
  /** By the link model: lost, corrupt, overflow. */
  packetsLost: number;
  /** Blackholed, or the peer was down. */
  packetsUnreachable: number;
  faultsFired: number;
  faultsHealed: number;
  /** Who waits for a turn to start something, in the order they asked. */
  waiting: readonly (Turn & { readonly nodeId: string })[];
  latencyMatrix: readonly (readonly number[])[];
  readonly invariants: Invariant[];
  /** The first failure, one sentence; empty while all is well. */
  cause: string;
}

function newNodeView(index: number): NodeView {
  const never = () => ({ start: -1, end: -1 });
  return {
    nodeId: nodeIdOf(index),
    state: 'waiting',
    phase: 'boot',
    phaseStatus: 'waiting',
    phaseTimes: {
      boot: never(),
      verify: never(),
      receive: never(),
      start: never(),
      healthy: never(),
      stop: never(),
      migrate: never(),
    },
    chunksHave: 0,
    chunksTotal: 0,
    redelivered: 0,
    kept: 0,
    crashes: 0,
    hopsValid: 0,
    hopsInvalid: 0,
    servicesUp: [],
    details: '',
  };
}

export function newRunView(nodes: number): RunView {
  return {
    simId: '',
    status: 'waiting',
    at: 0,
    nodes: Array.from({ length: nodes }, (_, index) => newNodeView(index)),
    ready: 0,
    hopsValid: 0,
    hopsInvalid: 0,
    hopsUnchecked: 0,
    chunksStored: 0,
    refusals: 0,
    services: [],
    packetsSent: 0,
    packetsDelivered: 0,
    packetsLost: 0,
    packetsUnreachable: 0,
    faultsFired: 0,
    faultsHealed: 0,
    waiting: [],
    latencyMatrix: [],
    invariants: [],
    cause: '',
  };
}

type EventOf<T extends MeshEvent['type']> = Extract<MeshEvent, { type: T }>;

function setState(view: RunView, node: NodeView, state: NodeState): void {
  if (node.state === state) return;
  if (node.state === 'ready') view.ready -= 1;
  if (state === 'ready') view.ready += 1;
  node.state = state;
}

function noteFailure(view: RunView, details: string | undefined): void {
  if (view.cause === '' && details !== undefined) view.cause = details;
}

/** From the measuring on, nodes that came too late may still get healthy, until they are stopped: that counts no more. */
function hasEnded({ status }: RunView): boolean {
  return status !== 'waiting' && status !== 'started';
}

function applyPhase(view: RunView, node: NodeView, event: EventOf<'phase'>): void {
  if (hasEnded(view)) return;
  node.phase = event.phase;
  node.phaseStatus = event.status;
  const times = node.phaseTimes[event.phase];
  if (event.status === 'started') {
    times.start = event.at;
    times.end = -1;
    if (node.state !== 'crashed') setState(view, node, 'up');
    return;
  }
  times.end = event.at;
  if (event.status === 'error') noteFailure(view, event.details);
  if (event.phase === 'healthy' && event.status === 'ok') setState(view, node, 'ready');
}

function applyNode(view: RunView, node: NodeView, event: EventOf<'node'>): void {
  if (event.status !== 'up') {
    view.waiting = view.waiting.filter(({ nodeId }) => nodeId !== event.nodeId);
  }
  switch (event.status) {
    case 'up':
      setState(view, node, 'up');
      break;
    case 'crashed':
      node.crashes += 1;
      node.servicesUp = [];
      setState(view, node, 'crashed');
      break;
    case 'restarted':
      node.kept = event.kept ?? 0;
      node.chunksHave = node.kept;
      setState(view, node, 'up');
      break;
    case 'halted':
    case 'failed':
      noteFailure(view, event.details);
      setState(view, node, event.status);
      break;
    case 'stopped':
      // A node that was ready stays counted as ready: the run is over.
      if (node.state === 'up' || node.state === 'waiting') setState(view, node, 'stopped');
      break;
  }
}

function applyHop(view: RunView, node: NodeView, event: EventOf<'hop'>): void {
  if (event.status === 'valid') {
    view.hopsValid += 1;
    node.hopsValid += 1;
  } else if (event.status === 'invalid') {
    view.hopsInvalid += 1;
    node.hopsInvalid += 1;
  } else view.hopsUnchecked += 1;
}

function applyChunk(view: RunView, node: NodeView, event: EventOf<'chunk'>): void {
  node.chunksHave = event.have;
  node.chunksTotal = event.total;
  if (event.status === 'stored') view.chunksStored += 1;
  else node.redelivered += 1;
}

function applyService(view: RunView, node: NodeView, event: EventOf<'service'>): void {
  const { service, status } = event;
  if (!view.services.includes(service)) view.services.push(service);
  if (status === 'building' || status === 'built') return;
  node.servicesUp = node.servicesUp.filter((name) => name !== service);
  if (isUpStatus(status)) node.servicesUp.push(service);
}

/** A node that is gone, or given up, waits no more. */
function applyTurn(view: RunView, { nodeId, turn, service, status }: EventOf<'turn'>): void {
  if (status === 'waiting') view.waiting = [...view.waiting, { nodeId, turn, service }];
  else {
    const isThis = (one: RunView['waiting'][number]) =>
      one.nodeId === nodeId && one.turn === turn && one.service === service;
    view.waiting = view.waiting.filter((one) => !isThis(one));
  }
}

function applyHost(view: NodeView, event: EventOf<'host'>): void {
  const { host, kind, os, arch, node, roundTripMs, pathMbps } = event;
  view.home = { host, kind, os, arch, node, roundTripMs, pathMbps };
}

function applyPackets(view: RunView, event: EventOf<'packets'>): void {
  for (const index of event.packets.outcome) {
    view.packetsSent += 1;
    const outcome = OUTCOMES[index];
    if (outcome === 'delivered') view.packetsDelivered += 1;
    else if (outcome === 'blackholed' || outcome === 'peer-down') view.packetsUnreachable += 1;
    else view.packetsLost += 1;
  }
}

function applyToNode(view: RunView, event: MeshEvent): void {
  if (!('nodeId' in event) || event.nodeId === undefined) return;
  const node = view.nodes[nodeIndexOf(event.nodeId)];
  if (node === undefined) return;
  if (event.details !== undefined && event.type !== 'log') node.details = event.details;
  if (event.type === 'phase') applyPhase(view, node, event);
  else if (event.type === 'node') applyNode(view, node, event);
  else if (event.type === 'hop') applyHop(view, node, event);
  else if (event.type === 'chunk') applyChunk(view, node, event);
  else if (event.type === 'service') applyService(view, node, event);
  else if (event.type === 'turn') applyTurn(view, event);
  else if (event.type === 'host') applyHost(node, event);
  else if (event.type === 'refusal') view.refusals += 1;
}

const OBSERVED_BY_STATUS: Record<EventOf<'invariant'>['status'], Observed> = {
  passed: 'held',
  failed: 'violated',
  'not-observed': 'not-observed',
};

/** Folds one event into the view, in place, and returns it. Events are to come in order of `seq`. */
export function applyEvent(view: RunView, event: MeshEvent): RunView {
  view.simId = event.simId;
  view.at = event.at;
  if (event.type === 'run') view.status = event.status;
  else if (event.type === 'fault') {
    if (event.status === 'fired') view.faultsFired += 1;
    else if (event.status === 'healed') view.faultsHealed += 1;
  } else if (event.type === 'packets') applyPackets(view, event);
  else if (event.type === 'latency') view.latencyMatrix = event.matrix;
  else if (event.type === 'invariant') {
    const { name, status, details = '' } = event;
    view.invariants.push({ name, observed: OBSERVED_BY_STATUS[status], details });
    if (status === 'failed') noteFailure(view, details);
  } else applyToNode(view, event);
  return view;
}
