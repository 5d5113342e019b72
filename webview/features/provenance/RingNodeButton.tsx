import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { arcDashes, type RingLayout } from '../../draw/ring.ts';
import {
  briefText,
  progressText,
  type NodeKind,
  type NodeProgress,
} from '../../run/nodeProgress.ts';
import { MarkShape, type MarkName } from '../../ui/Mark.tsx';

const MARKS: Record<NodeKind, MarkName> = {
  waiting: 'boot',
  boot: 'boot',
  verify: 'verify',
  receive: 'receive',
  start: 'start',
  healthy: 'pass',
  down: 'cross',
  halted: 'fail',
  failed: 'fail',
  stopped: 'slash',
};
const BADGE_PX = 13;

/** A node on the ring: its arc is the progress of its phase. Pressed, the log shows only this node. */
export function RingNodeButton(props: {
  readonly layout: RingLayout;
  readonly index: number;
  readonly progress: NodeProgress;
  readonly filter: Signal<string | undefined>;
}): VNode | null {
  const { layout, index, progress, filter } = props;
  const { nodeId, kind, count, waitsFor, isBack, share } = progress;
  const isPressed = filter.value === nodeId;
  return useMemo(() => {
    const place = layout.nodes[index];
    if (place === undefined) return null;
    const toggle = (): void => {
      filter.value = isPressed ? undefined : nodeId;
    };
    const text = progressText(progress);
    const shown = labelOf(progress, layout);
    const { x, y, label } = place;
    return (
      <>
        <g
          class={`ring-node is-${kind}`}
          role="button"
          tabindex={0}
          aria-pressed={isPressed}
          aria-label={`${nodeId}, ${text}`}
          onClick={toggle}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            if (!event.ctrlKey && !event.metaKey) toggle();
          }}
        >
          <circle class="track" cx={x} cy={y} r={layout.radius} />
          <circle
            class="arc"
            cx={x}
            cy={y}
            r={layout.radius}
            stroke-dasharray={arcDashes(layout.radius, share)}
            transform={`rotate(-90 ${x} ${y})`}
          />
          <text class="name" x={x} y={y + 4} text-anchor="middle">
            {nodeId}
          </text>
          <Badge kind={kind} x={x + layout.radius * 0.72} y={y - layout.radius * 0.72} />
        </g>
        <text
          class="ring-state"
          x={label.x}
          y={label.y}
          text-anchor={label.anchor}
          aria-hidden="true"
        >
          {shown}
        </text>
      </>
    );
  }, [layout, index, kind, count, waitsFor, isBack, share, isPressed]);
}

/** Above this many nodes the shape says the phase: a word is left for what is not healthy, and for what is not counted. */
const WORDS_UP_TO = 6;

function labelOf(progress: NodeProgress, layout: RingLayout): string {
  if (layout.hasFullLabels) return progressText(progress);
  const { kind, count } = progress;
  if (layout.nodes.length <= WORDS_UP_TO) return briefText(progress);
  if (count !== '') return count;
  return kind === 'healthy' ? '' : briefText(progress);
}

function Badge(props: { readonly kind: NodeKind; readonly x: number; readonly y: number }): VNode {
  const { kind, x, y } = props;
  const corner = `${x - BADGE_PX / 2} ${y - BADGE_PX / 2}`;
  return (
    <g class="badge-mark" transform={`translate(${corner}) scale(${BADGE_PX / 16})`}>
      <circle class="under" cx="8" cy="8" r="8" />
      <MarkShape name={MARKS[kind]} />
    </g>
  );
}
