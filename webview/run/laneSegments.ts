import type { MeshEvent } from '../../src/model/events.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';
import { isUpStatus } from '../../src/model/serviceStatus.ts';
import type { NodePhase } from '../../src/model/plan.ts';

export type SegmentKind = NodePhase | 'down' | 'halted' | 'failed';

/** A stretch of one node's lane; `end` is Infinity while it goes on. Times in ms since the run began. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly start: number;
  end: number;
}

/** What happened on one lane, in order of time. Times in ms since the run began. */
export interface Lane {
  /** Without overlaps. `healthy` goes on until the node leaves it. */
  readonly segments: Segment[];
  readonly hops: { readonly at: number; readonly isValid: boolean }[];
  /** When a chunk was stored, and how many of `chunksTotal` the node held then. */
  readonly chunkAt: number[];
  readonly chunkHave: number[];
  chunksTotal: number;
  readonly servicesUp: number[];
}

/** The lanes of a run, one per node, kept up to date event by event. */
export class NodeLanes {
  readonly lanes: readonly Lane[];
  #hasEnded = false;

  constructor(nodes: number) {
    this.lanes = Array.from({ length: nodes }, () => ({
      segments: [],
      hops: [],
      chunkAt: [],
      chunkHave: [],
      chunksTotal: 0,
      servicesUp: [],
    }));
  }

  push(event: MeshEvent): void {
    // What a node still reaches while it is stopped is no part of the rollout, see applyEvent.
    if (event.type === 'run') this.#hasEnded = event.status !== 'started';
    if (!('nodeId' in event) || event.nodeId === undefined) return;
    const lane = this.lanes[nodeIndexOf(event.nodeId)];
    if (lane === undefined) return;
    if (event.type === 'phase' && event.status === 'started') {
      if (!this.#hasEnded) open(lane.segments, event.phase, event.at);
    } else if (event.type === 'node') pushNode(lane.segments, event.status, event.at);
    else if (event.type === 'hop' && event.status !== 'unchecked') {
      lane.hops.push({ at: event.at, isValid: event.status === 'valid' });
    } else if (event.type === 'chunk' && event.status === 'stored') {
      lane.chunkAt.push(event.at);
      lane.chunkHave.push(event.have);
      lane.chunksTotal = event.total;
    } else if (event.type === 'service' && isUpStatus(event.status)) {
      lane.servicesUp.push(event.at);
    }
  }
}

function pushNode(
  segments: Segment[],
  status: Extract<MeshEvent, { type: 'node' }>['status'],
  at: number,
): void {
  if (status === 'crashed') open(segments, 'down', at);
  else if (status === 'halted' || status === 'failed') open(segments, status, at);
  else if (status === 'restarted') open(segments, 'boot', at);
  else if (status === 'stopped') close(segments, at);
}

function open(segments: Segment[], kind: SegmentKind, at: number): void {
  const last = segments.at(-1);
  // Once halted a node does nothing more; a restarted one boots only once.
  if (last?.kind === 'halted' || last?.kind === 'failed') return;
  if (last?.kind === 'boot' && kind === 'boot') return;
  close(segments, at);
  segments.push({ kind, start: at, end: Infinity });
}

function close(segments: Segment[], at: number): void {
  const last = segments.at(-1);
  if (last?.end === Infinity) last.end = at;
}

/** How many of the ascending times are at most `t`. */
export function countUntil(times: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
