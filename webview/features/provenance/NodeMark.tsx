import type { VNode } from 'preact';
import type { NodeKind } from '../../run/nodeProgress.ts';

/** One shape per state of a node, so that none is told by colour alone. 12 × 12, drawn for this product. */
export function NodeMark({ kind }: { readonly kind: NodeKind }): VNode {
  return (
    <svg class={`node-mark is-${kind}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}

const OCTAGON = 'M3.7.8h4.6l3 3v4.5l-3 3H3.7l-3-3V3.8z';

const SHAPES: Record<NodeKind, VNode> = {
  waiting: <circle class="fill" cx="6" cy="6" r="1.6" />,
  boot: <circle class="line" cx="6" cy="6" r="4.4" stroke-dasharray="2.4 2" />,
  verify: (
    <path class="line" d="M6 1l4.3 1.6v3c0 2.6-1.8 4.3-4.3 5.4C3.5 9.9 1.7 8.2 1.7 5.6v-3z" />
  ),
  receive: <path class="line" d="M6 1.2v6.3M3 5l3 3 3-3M1.6 10.6h8.8" />,
  start: (
    <>
      <path class="line" d="M6 1l5 5-5 5-5-5z" />
      <path class="fill" d="M6 3.7L8.3 6 6 8.3 3.7 6z" />
    </>
  ),
  healthy: (
    <>
      <circle class="fill" cx="6" cy="6" r="5.2" />
      <path class="cut" d="M3.5 6.2l1.8 1.8 3.2-3.7" />
    </>
  ),
  stop: <path class="line" d="M2.4 2.4h7.2v7.2H2.4z" />,
  migrate: <path class="line" d="M1.4 4.2h8M7.2 1.8l2.4 2.4-2.4 2.4M10.6 8.6h-8" />,
  down: <path class="line bold" d="M2.2 2.2l7.6 7.6M9.8 2.2L2.2 9.8" />,
  stopped: (
    <>
      <circle class="line" cx="6" cy="6" r="4.4" />
      <path class="line" d="M3 9l6-6" />
    </>
  ),
  halted: (
    <>
      <path class="fill" d={OCTAGON} />
      <path class="cut" d="M3.3 6h5.4" />
    </>
  ),
  failed: (
    <>
      <path class="fill" d={OCTAGON} />
      <path class="cut" d="M4 4l4 4M8 4L4 8" />
    </>
  ),
};
