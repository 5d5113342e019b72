import { printable } from '../base/visibleText.ts';
import type { Access, NodeAccess } from './access.ts';
import { shortestDelay } from './linkMeasures.ts';
import type { Plan } from './plan.ts';

/** What joins the nodes of a plan, such as "regions (deu, use), access n1 starlink". */
export function topologyWords({ topology, access }: Pick<Plan, 'topology' | 'access'>): string {
  const regions = topology.kind === 'regions' ? ` (${topology.regions.join(', ')})` : '';
  const lastMiles = accessWords(access);
  const among = lastMiles.length === 0 ? '' : `, access ${lastMiles.join(', ')}`;
  return printable(`${topology.kind}${regions}${among}`);
}

/** Such as "n3 starlink"; of figures without a name "n3 at least 20 ms". In the order of the plan. */
export function accessWords(access: NodeAccess = {}): string[] {
  return Object.entries(access).map(([node, lastMile]) => `${node} ${wordsOf(lastMile)}`);
}

function wordsOf({ preset, delay }: Access): string {
  if (preset !== undefined) return preset;
  return delay === undefined ? 'by its own figures' : `at least ${shortestDelay(delay)} ms`;
}
