import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { pointOn, wayBetween, wayPath, type RingLayout } from '../../draw/ring.ts';
import type { Hop } from '../../run/hops.ts';
import { MarkShape } from '../../ui/Mark.tsx';

/** Above this many nodes the links that carry nothing now would hide those that do. */
const IDLE_WAYS_UP_TO = 6;
const MARK_PX = 15;

export function IdleWays({ layout }: { readonly layout: RingLayout }): VNode {
  return useMemo(() => {
    const nodes = layout.nodes.length > IDLE_WAYS_UP_TO ? [] : layout.nodes;
    const paths = nodes.flatMap(({ node: from }) =>
      nodes.flatMap(({ node: to }) => {
        const way = from < to ? wayBetween(layout, from, to) : undefined;
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
  }, [layout]);
}

/** The hop by which each node first took the Capsule, and every hop that was refused. */
export function HopWays({
  layout,
  hops,
}: {
  readonly layout: RingLayout;
  readonly hops: readonly Hop[];
}): VNode {
  return useMemo(
    () => (
      <g>
        {shownHops(hops).map((hop) => (
          <HopWay key={`${hop.from} ${hop.to} ${hop.status}`} layout={layout} hop={hop} />
        ))}
      </g>
    ),
    [layout, hops.length],
  );
}

function shownHops(hops: readonly Hop[]): Hop[] {
  const taken = new Set<number>();
  const refused = new Set<string>();
  return hops.filter(({ from, to, status }) => {
    const isNew = status === 'invalid' ? !refused.has(`${from} ${to}`) : !taken.has(to);
    if (status === 'invalid') refused.add(`${from} ${to}`);
    else taken.add(to);
    return isNew;
  });
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
