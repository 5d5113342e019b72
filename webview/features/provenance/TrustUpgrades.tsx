import type { VNode } from 'preact';
import type { ProvenanceGraph, UpgradeEdge } from '../../../src/model/provenanceApi.ts';
import type { UpgradeLine } from '../../../src/model/upgradeGutter.ts';
import { short } from './format.ts';

/** Rehearsed upgrades, each from the old Capsule to the new one. */
export function UpgradeLines({ lines }: { readonly lines: readonly UpgradeLine[] }): VNode {
  return (
    <>
      {lines.map(({ key, status, path, head, mark }) => (
        <g key={key} class={`trust-line is-upgrade ${status}`}>
          <path class="trust-way" d={path} />
          <path d={head} />
          <circle class="trust-dot" cx={mark.x} cy={mark.y} r="7" />
          <UpgradeSign status={status} {...mark} />
        </g>
      ))}
    </>
  );
}

function UpgradeSign(props: {
  readonly status: UpgradeEdge['status'];
  readonly x: number;
  readonly y: number;
}): VNode {
  const { status, x, y } = props;
  switch (status) {
    case 'proven':
      return <path d={`M${x - 3} ${y}l2.200 2.500 4-4.500`} />;
    case 'failed':
      return <path d={`M${x - 3} ${y - 3}l6 6m0-6-6 6`} />;
    case 'unproven':
      return (
        <text x={x} y={y + 4} text-anchor="middle">
          ?
        </text>
      );
  }
}

const WORDS: Record<UpgradeEdge['status'], string> = {
  proven: 'upgrade from',
  failed: 'failed upgrade from',
  unproven: 'unproven upgrade from',
};

/** "upgrade from 8c0c1ab", of the newest that leads to this Capsule; undefined: none does. */
export function upgradeWordsOf(graph: ProvenanceGraph, id: string): string | undefined {
  const edge = graph.upgrades.find(({ to }) => to === id);
  const before = graph.nodes.find((node) => node.id === edge?.from);
  if (edge === undefined || before === undefined) return undefined;
  return `${WORDS[edge.status]} ${short(before.capsuleHash)}`;
}
