import type { UpgradeReport, WaveReport } from '../model/upgradeReport.ts';
import { seconds } from './liveView.ts';

/** Of a larger wave, nodes are counted. */
const NAMED_NODES = 10;

/** "n0, n3", or "25 nodes". */
export function someNodes(nodes: readonly string[]): string {
  return nodes.length > NAMED_NODES ? `${nodes.length} nodes` : nodes.join(', ');
}

function waveLine({ index, to, nodes, startMs, endMs, outcome }: WaveReport): string {
  const who = someNodes(nodes);
  const until = endMs === null ? 'never ended' : `${seconds(startMs)}–${seconds(endMs)} s`;
  const how = outcome === 'failed' ? ', failed' : '';
  return `  wave ${String(index).padEnd(3)} ${to === 'new' ? '→ new' : '← old'}  ${who}  ${until}${how}`;
}

/** What an upgrade came to, wave by wave; no line of a run without one. */
export function upgradeLines(upgrade: UpgradeReport | undefined): string[] {
  if (upgrade === undefined) return [];
  const { outcome, from, waves, rollback, halted } = upgrade;
  return [
    `Upgrade    ${outcome}, from ${from.slice(0, 12)}`,
    ...waves.map(waveLine),
    ...(rollback.reason === undefined ? [] : [`  back     ${rollback.reason}`]),
    ...halted.map(({ details }) => `  kept     ${details}`),
  ];
}
