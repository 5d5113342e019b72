import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { arcDashes, type RingLayout } from '../../draw/ring.ts';
import { progressText, type NodeKind, type NodeProgress } from '../../run/nodeProgress.ts';
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
  const { nodeId, kind, count, words, share } = progress;
  const isPressed = filter.value === nodeId;
  return useMemo(() => {
    const place = layout.nodes[index];
    if (place === undefined) return null;
    const toggle = (): void => {
      filter.value = isPressed ? undefined : nodeId;
    };
    const text = progressText(progress);
    const shown = layout.hasFullLabels ? text : briefText(progress, layout.nodes.length);
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
  }, [layout, index, kind, count, words, share, isPressed]);
}

/** Above this many nodes only what is not healthy is worth a word. */
const WORDS_UP_TO = 6;

/** On a crowded or narrow ring: what is counted, or the phase. */
function briefText({ kind, count, words }: NodeProgress, nodes: number): string {
  if (words !== '') return words;
  if (kind === 'healthy' && nodes > WORDS_UP_TO) return '';
  return count === '' ? kind : count;
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
