import { MeshSimError } from '../base/errors.ts';
import { linkLayout } from '../model/linkLayout.ts';
import type { Plan } from '../model/plan.ts';
import { limitsRates } from '../model/accessLayout.ts';
import type { LinkSpec } from '../model/linkSpec.ts';
import { LinkModel } from './linkModel.ts';

/** Up to this many nodes, pairs are worth listing one by one. */
export const LISTED_NODES = 64;

export interface Bandwidth {
  /** `uplink`: all links that leave a node share the rate; `link`: each link has its own; `unlimited`: none. */
  readonly model: 'unlimited' | 'uplink' | 'link';
  /** Of the uplink, or of a link without a rate of its own; Infinity when unlimited. */
  readonly bitsPerMs: number;
}

/** The compiled links of a plan. Links are directed. */
export interface LinkTable {
  readonly nodes: number;
  readonly seed: number;
  /** Every pair is linked. */
  readonly complete: boolean;
  /** Nodes linked in both directions, ascending. Of a complete table only up to LISTED_NODES nodes: else it throws. */
  neighboursOf(node: number): readonly number[];
  modelOf(from: number, to: number): LinkModel | undefined;
  readonly bandwidth: Bandwidth;
  /** The largest share of packets that a link loses on average. */
  readonly meanLoss: number;
  /** Some link has a rate, now or after a fault: nodes are to be paced. */
  readonly paced: boolean;
}

function allButSelf(nodes: number, node: number): number[] {
  if (nodes > LISTED_NODES) throw new RangeError('a complete table of this size lists no pairs');
  return Array.from({ length: nodes }, (_, index) => index).filter((index) => index !== node);
}

/** Every node must hear from n0, over links that go both ways: the protocol needs answers. */
function requireConnected(nodes: number, neighbours: readonly (readonly number[])[]): void {
  const seen = new Uint8Array(nodes);
  const queue = [0];
  seen[0] = 1;
  for (const node of queue) {
    for (const next of neighbours[node] ?? []) {
      if (seen[next] === 1) continue;
      seen[next] = 1;
      queue.push(next);
    }
  }
  const lost = seen.indexOf(0);
  if (lost < 0) return;
  throw new MeshSimError(
    'plan-invalid',
    `topology: n${lost} can not be reached from n0 over links that go both ways; add links in both directions.`,
  );
}

function bandwidthOf(plan: Plan, specs: readonly LinkSpec[]): Bandwidth {
  if (plan.bandwidth !== undefined) {
    return { model: plan.bandwidth.model, bitsPerMs: plan.bandwidth.mbps * 1000 };
  }
  const rates = specs.flatMap((spec) => spec.rateBitsPerSecond ?? []);
  if (rates.length === 0) return { model: 'unlimited', bitsPerMs: Infinity };
  return { model: 'link', bitsPerMs: Math.max(...rates) / 1000 };
}

function faultSetsRate(plan: Plan): boolean {
  return plan.chaos.faults.some(
    ({ do: effect }) =>
      'degradeLink' in effect && effect.degradeLink.rateBitsPerSecond !== undefined,
  );
}

/**
 * Compiles topology and params. What chaos changes is the emulator's.
 * @throws MeshSimError plan-invalid when topology or access name a node the plan has not, or a node is left unreachable.
 */
export function compileLinks(plan: Plan): LinkTable {
  const nodes = plan.params.nodes;
  const layout = linkLayout(plan);
  const models = layout.specs.map((spec) => new LinkModel(spec, plan.seed));
  const { specOf, neighbours } = layout;
  if (neighbours !== undefined) requireConnected(nodes, neighbours);
  const bandwidth = bandwidthOf(plan, layout.specs);
  return {
    nodes,
    seed: plan.seed,
    complete: neighbours === undefined,
    neighboursOf: (node) => neighbours?.[node] ?? allButSelf(nodes, node),
    modelOf: (from, to) => models[specOf(from, to)],
    bandwidth,
    meanLoss: models.reduce((most, model) => Math.max(most, model.meanLoss), 0),
    paced: bandwidth.model !== 'unlimited' || limitsRates(plan.access) || faultSetsRate(plan),
  };
}
