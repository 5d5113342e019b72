import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { pointOn, wayBetween, wayPath, type RingLayout } from '../../draw/ring.ts';
import { drawnHops, type Hop } from '../../run/hops.ts';
import type { Linked } from '../../run/waitsFor.ts';
import { MarkShape } from '../../ui/Mark.tsx';

/** Above this many nodes the links that carry nothing now would hide those that do. */
const IDLE_WAYS_UP_TO = 6;
const MARK_PX = 15;

/** The links there are, whatever they carry. */
export function IdleWays({
  layout,
  linked,
}: {
  readonly layout: RingLayout;
  readonly linked: Linked;
}): VNode {
  return useMemo(() => {
    const nodes = layout.nodes.length > IDLE_WAYS_UP_TO ? [] : layout.nodes;
    const paths = nodes.flatMap(({ node: from }) =>
      nodes.flatMap(({ node: to }) => {
        if (from >= to || !(linked(from, to) || linked(to, from))) return [];
        const way = wayBetween(layout, from, to);
        return way === undefined ? [] : [wayPath(way)];
      }),
    );
    return (
      <g class="ring-idle">
        {paths.map((path) => (
          <path key={path} d={path} />
        ))}
      </g>
    );
  }, [layout, linked]);
}

/** Every hop: a shield on the ones by which nodes took the Capsule, a thin line for each further check. */
export function HopWays({
  layout,
  hops,
}: {
  readonly layout: RingLayout;
  readonly hops: readonly Hop[];
}): VNode {
  return useMemo(() => {
    const { main, further } = drawnHops(hops);
    return (
      <g>
        {further.map(({ from, to, status }) => {
          const way = wayBetween(layout, from, to);
          if (way === undefined) return null;
          return <path key={`${from} ${to}`} class={`ring-check ${status}`} d={wayPath(way)} />;
        })}
        {main.map((hop) => (
          <HopWay key={`${hop.from} ${hop.to} ${hop.status}`} layout={layout} hop={hop} />
        ))}
      </g>
    );
  }, [layout, hops.length]);
}

function HopWay({ layout, hop }: { readonly layout: RingLayout; readonly hop: Hop }): VNode | null {
  const way = wayBetween(layout, hop.from, hop.to);
  if (way === undefined) return null;
  const { x, y } = pointOn(way, 0.5);
  const scale = MARK_PX / 16;
  return (
    <g class={`ring-hop ${hop.status}`}>
      <path class="way" d={wayPath(way)} />
      {hop.status !== 'unchecked' && (
        <g transform={`translate(${x - MARK_PX / 2} ${y - MARK_PX / 2}) scale(${scale})`}>
          <circle class="under" cx="8" cy="8" r="8" />
          <MarkShape name={hop.status === 'valid' ? 'shield' : 'cross'} />
        </g>
      )}
    </g>
  );
}
