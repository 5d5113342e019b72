import type { MeshEvent } from '../../src/model/events.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';
import type { Phase } from '../../src/model/plan.ts';

export type SegmentKind = Phase | 'down' | 'halted';

/** A stretch of one node's lane; `end` is Infinity while it goes on. Times in ms since the run began. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly start: number;
  end: number;
}

/** One list per node, in order of time, without overlaps. `healthy` goes on until the node leaves it. */
export function laneSegments(events: readonly MeshEvent[], nodes: number): Segment[][] {
  const lanes: Segment[][] = Array.from({ length: nodes }, () => []);
  for (const event of events) {
    if (!('nodeId' in event) || event.nodeId === undefined) continue;
    const lane = lanes[nodeIndexOf(event.nodeId)];
    if (lane === undefined) continue;
    if (event.type === 'phase' && event.status === 'started') open(lane, event.phase, event.at);
    else if (event.type === 'node' && event.status === 'crashed') open(lane, 'down', event.at);
    else if (event.type === 'node' && ['halted', 'failed'].includes(event.status)) {
      open(lane, 'halted', event.at);
    } else if (event.type === 'node' && event.status === 'restarted') open(lane, 'boot', event.at);
    else if (event.type === 'node' && event.status === 'stopped') close(lane, event.at);
  }
  return lanes;
}

function open(lane: Segment[], kind: SegmentKind, at: number): void {
  // Once halted a node does nothing more; a restarted one boots only once.
  if (lane.at(-1)?.kind === 'halted' || (lane.at(-1)?.kind === kind && kind === 'boot')) return;
  close(lane, at);
  lane.push({ kind, start: at, end: Infinity });
}

function close(lane: Segment[], at: number): void {
  const last = lane.at(-1);
  if (last?.end === Infinity) last.end = at;
}
