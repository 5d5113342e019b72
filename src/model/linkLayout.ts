import { MeshSimError } from '../base/errors.ts';
import { nodeIndexOf } from './nodeIds.ts';
import type { Plan } from './plan.ts';
import { layoutWithAccess } from './accessLayout.ts';
import { changedSpec, type LinkSpec } from './linkSpec.ts';
import type { Topology } from './topology.ts';

/** Which links a topology has, and which of the specifications each of them follows. */
export interface LinkLayout {
  readonly specs: readonly LinkSpec[];
  /** Index in `specs`; -1: no such link. */
  readonly specOf: (from: number, to: number) => number;
  /** By node, those linked in both directions, ascending; undefined: every pair. */
  readonly neighbours: readonly (readonly number[])[] | undefined;
}

/** What of a plan its links follow from. */
export type LinkedPlan = Pick<Plan, 'params' | 'topology' | 'bandwidth' | 'access'>;

function requireNode(nodeId: string, nodes: number, where: string): number {
  const index = nodeIndexOf(nodeId);
  if (index < nodes) return index;
  throw new MeshSimError(
    'plan-invalid',
    `${where} names ${nodeId}, but the plan has only n0 to n${nodes - 1}; name one of those or raise params.nodes.`,
  );
}

function ring(nodes: number, plain: LinkSpec): LinkLayout {
  const neighbours = Array.from({ length: nodes }, (_, node) =>
    [...new Set([(node + nodes - 1) % nodes, (node + 1) % nodes])].sort((a, b) => a - b),
  );
  return {
    specs: [plain],
    specOf: (from, to) => (neighbours[from]?.includes(to) === true ? 0 : -1),
    neighbours,
  };
}

function star(nodes: number, plain: LinkSpec, centreId: string): LinkLayout {
  const centre = requireNode(centreId, nodes, 'topology.centre');
  const all = Array.from({ length: nodes }, (_, node) => node);
  return {
    specs: [plain],
    specOf: (from, to) => (from !== to && (from === centre || to === centre) ? 0 : -1),
    neighbours: all.map((node) =>
      node === centre ? all.filter((other) => other !== centre) : [centre],
    ),
  };
}

function regions(topology: Extract<Topology, { kind: 'regions' }>, plain: LinkSpec): LinkLayout {
  const count = topology.regions.length;
  const square =
    topology.rttMs.length === count && topology.rttMs.every((row) => row.length === count);
  if (!square) {
    throw new MeshSimError(
      'plan-invalid',
      `topology.rttMs must have ${count} rows of ${count} times, one per region; it has another shape.`,
    );
  }
  return {
    specs: topology.rttMs
      .flat()
      .map((rtt) => ({ ...plain, delay: { kind: 'constant', ms: rtt / 2 } as const })),
    specOf: (from, to) => (from === to ? -1 : (from % count) * count + (to % count)),
    neighbours: undefined,
  };
}

function custom(
  topology: Extract<Topology, { kind: 'custom' }>,
  nodes: number,
  plain: LinkSpec,
): LinkLayout {
  const index = new Map<number, number>();
  const specs = topology.links.map(({ from, to, ...change }, position) => {
    const where = `topology.links[${position}]`;
    const source = requireNode(from, nodes, `${where}.from`);
    const target = requireNode(to, nodes, `${where}.to`);
    const key = source * nodes + target;
    if (source === target || index.has(key)) {
      const problem = source === target ? 'links a node to itself' : 'lists a link a second time';
      throw new MeshSimError('plan-invalid', `${where} ${problem} (${from} to ${to}); remove it.`);
    }
    index.set(key, position);
    return changedSpec(plain, change);
  });
  const neighbours = Array.from({ length: nodes }, (): number[] => []);
  for (const key of [...index.keys()].sort((a, b) => a - b)) {
    const from = Math.floor(key / nodes);
    const to = key % nodes;
    if (index.has(to * nodes + from)) neighbours[from]?.push(to);
  }
  return { specs, specOf: (from, to) => index.get(from * nodes + to) ?? -1, neighbours };
}

/** What a link has when nothing else is said: the sliders of the plan. */
function plainSpec(plan: LinkedPlan): LinkSpec {
  const [minMs, maxMs] = plan.params.latencyMs;
  return {
    delay: { kind: 'uniform', minMs, maxMs },
    loss: { kind: 'bernoulli', p: plan.params.packetLoss / 100 },
    ...(plan.bandwidth?.model === 'link' ? { rateBitsPerSecond: plan.bandwidth.mbps * 1e6 } : {}),
  };
}

/**
 * The directed links of a plan before chaos.
 * @throws MeshSimError plan-invalid when topology or access name a node the plan has not, or the topology has another shape than it says
 */
export function linkLayout(plan: LinkedPlan): LinkLayout {
  const { nodes } = plan.params;
  const accessOf = Object.entries(plan.access ?? {}).map(
    ([nodeId, access]) => [requireNode(nodeId, nodes, 'access'), access] as const,
  );
  return layoutWithAccess(pathLayout(plan), nodes, new Map(accessOf));
}

/** As if no node had a last mile. */
function pathLayout(plan: LinkedPlan): LinkLayout {
  const plain = plainSpec(plan);
  const nodes = plan.params.nodes;
  const topology = plan.topology;
  switch (topology.kind) {
    case 'uniform':
      return {
        specs: [plain],
        specOf: (from, to) => (from === to ? -1 : 0),
        neighbours: undefined,
      };
    case 'ring':
      return ring(nodes, plain);
    case 'star':
      return star(nodes, plain, topology.centre);
    case 'regions':
      return regions(topology, plain);
    case 'custom':
      return custom(topology, nodes, plain);
  }
}
