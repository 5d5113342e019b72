import type { VNode } from 'preact';
import { FLOWS } from '../../../src/model/packetClasses.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { className } from '../../draw/packetCurve.ts';
import type { PacketClass } from '../../run/packetClass.ts';
import type { PacketStore } from '../../run/packetStore.ts';
import { inRun } from './format.ts';

export interface TipPlace {
  /** Pixels from the left and the top of the lanes. */
  readonly x: number;
  readonly y: number;
}

const OUTCOME: Partial<Record<PacketClass, string>> = {
  lost: 'lost on the way',
  corrupt: 'arrived damaged, refused',
  cut: 'kept back by a partition',
  dead: 'the node was down',
};
/** Room a tip needs to the right of the pointer. */
const WIDTH = 190;

/** What is known of the packet under the pointer. */
export function PacketTip(props: {
  readonly packets: PacketStore;
  readonly number: number;
  readonly place: TipPlace;
  /** Of the lanes, in pixels. */
  readonly width: number;
  readonly maxLatencyMs: number;
}): VNode {
  const { packets, number, place, width, maxLatencyMs } = props;
  const at = packets.at(number);
  const kind = className(packets, at);
  const latency = (packets.arrived[at] ?? 0) - (packets.sent[at] ?? 0);
  const arrived = kind === 'lost' || kind === 'cut' ? '–' : `${latency.toFixed(1)} ms`;
  const attempt = packets.attempt(number);
  const chunk = packets.chunk[at] ?? -1;
  const flow = FLOWS[packets.flow[at] ?? 0] ?? '';
  const late = `late, ${(latency - maxLatencyMs).toFixed(1)} ms over ${maxLatencyMs}`;
  return (
    <div
      class="tip"
      role="tooltip"
      ref={(tip) => {
        const left = place.x + 14 + WIDTH > width ? place.x - 14 - WIDTH : place.x + 14;
        tip?.style.setProperty('left', `${Math.max(0, left)}px`);
        tip?.style.setProperty('top', `${place.y + 12}px`);
      }}
    >
      <strong>
        {flow} {chunk >= 0 && chunk}{' '}
        <span class="quiet">
          {nodeIdOf(packets.from(at))} → {nodeIdOf(packets.to(at))}
        </span>
      </strong>
      <dl>
        <dt>sent</dt>
        <dd>{inRun(packets.sent[at] ?? 0)} s</dd>
        <dt>latency</dt>
        <dd>{arrived}</dd>
        <dt>outcome</dt>
        <dd>{kind === 'late' ? late : (OUTCOME[kind] ?? 'delivered')}</dd>
        {attempt > 0 && (
          <>
            <dt>attempt</dt>
            <dd>{attempt}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
