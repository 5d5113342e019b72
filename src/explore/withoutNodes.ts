import type { FaultEffect } from '../model/faultSchemas.ts';
import { nodeIdOf, nodeIndexOf } from '../model/nodeIds.ts';
import type { Fault, Plan, Trigger } from '../model/plan.ts';
import type { Topology } from '../model/topology.ts';
import type { UpgradeStrategy } from '../model/upgradePlan.ts';
import { chaosSchedule } from '../mesh/chaosSchedule.ts';
import { byKind, type ByKind } from '../model/faultKinds.ts';

/** The new id of a node; undefined: it is left out. */
type Rename = (nodeId: string) => string | undefined;

/** The thing that is renamed cannot do without a node that is left out. */
class Needed extends Error {}

function renamed(nodeId: string, rename: Rename): string {
  const id = rename(nodeId);
  if (id === undefined) throw new Needed();
  return id;
}

function some(nodes: readonly string[], rename: Rename): string[] {
  const left = nodes.flatMap((nodeId) => rename(nodeId) ?? []);
  if (left.length === 0) throw new Needed();
  return left;
}

interface Sides {
  from: string[];
  to: string[];
  oneWay: boolean;
}

function sides({ from, to, oneWay }: Sides, rename: Rename): Sides {
  return { from: some(from, rename), to: some(to, rename), oneWay };
}

const RENAMED: ByKind<FaultEffect, [rename: Rename]> = {
  kill: (effect, rename) => ({ ...effect, kill: renamed(effect.kill, rename) }),
  partition: (effect, rename) => ({ ...effect, partition: sides(effect.partition, rename) }),
  degradeLink: ({ degradeLink }, rename) => ({
    degradeLink: {
      ...degradeLink,
      from: renamed(degradeLink.from, rename),
      to: renamed(degradeLink.to, rename),
    },
  }),
  slow: (effect, rename) => ({ ...effect, slow: renamed(effect.slow, rename) }),
  corruptChunks: ({ corruptChunks }, rename) => ({
    corruptChunks: { ...corruptChunks, to: renamed(corruptChunks.to, rename) },
  }),
  byzantine: (effect, rename) => ({ byzantine: renamed(effect.byzantine, rename) }),
  pause: (effect, rename) => ({ ...effect, pause: renamed(effect.pause, rename) }),
  killService: ({ killService }, rename) => ({
    killService: { ...killService, node: renamed(killService.node, rename) },
  }),
  refuse: (effect, rename) => ({ ...effect, refuse: sides(effect.refuse, rename) }),
  dns: (effect, rename) => ({
    ...effect,
    dns: { ...effect.dns, nodes: some(effect.dns.nodes, rename) },
  }),
  fillDisk: (effect, rename) => ({ ...effect, fillDisk: renamed(effect.fillDisk, rename) }),
};

function triggerWith(when: Trigger, rename: Rename): Trigger {
  if ('node' in when) return { ...when, node: renamed(when.node, rename) };
  return 'migrates' in when ? { ...when, migrates: renamed(when.migrates, rename) } : when;
}

function faultWith({ when, do: effect }: Fault, rename: Rename): Fault {
  return {
    when: triggerWith(when, rename),
    do: byKind(RENAMED, effect, rename),
  };
}

function topologyWith(topology: Topology, rename: Rename): Topology {
  if (topology.kind === 'star') return { ...topology, centre: renamed(topology.centre, rename) };
  if (topology.kind !== 'custom') return topology;
  const links = topology.links.flatMap((link) => {
    const from = rename(link.from);
    const to = rename(link.to);
    return from === undefined || to === undefined ? [] : [{ ...link, from, to }];
  });
  return { ...topology, links };
}

function accessWith(access: NonNullable<Plan['access']>, rename: Rename): Plan['access'] {
  return Object.fromEntries(
    Object.entries(access).flatMap(([nodeId, lastMile]) => {
      const id = rename(nodeId);
      return id === undefined ? [] : [[id, lastMile]];
    }),
  );
}

/** As many waves as there were, at most. Canaries leave nodes that follow. */
function strategyFor(strategy: UpgradeStrategy, before: number, nodes: number): UpgradeStrategy {
  if (strategy.kind === 'rolling') {
    const waves = Math.ceil(before / strategy.batch);
    return { ...strategy, batch: Math.ceil(nodes / waves) };
  }
  return strategy.kind === 'canary'
    ? { ...strategy, nodes: Math.min(strategy.nodes, nodes - 1) }
    : strategy;
}

/**
 * The plan without some nodes. Those that stay take lower numbers, wherever the plan names them.
 * @returns undefined when something of the plan cannot do without one of them
 */
export function withoutNodes(plan: Plan, dropped: ReadonlySet<number>): Plan | undefined {
  const stay = Array.from({ length: plan.params.nodes }, (_, node) => node).filter(
    (node) => !dropped.has(node),
  );
  const rename: Rename = (nodeId) => {
    const index = stay.indexOf(nodeIndexOf(nodeId));
    return index < 0 ? undefined : nodeIdOf(index);
  };
  const { upgrade, placement, access } = plan;
  try {
    return {
      ...plan,
      params: { ...plan.params, nodes: stay.length },
      topology: topologyWith(plan.topology, rename),
      chaos: {
        preset: 'none',
        faults: chaosSchedule(plan).map((fault) => faultWith(fault, rename)),
      },
      drift: plan.drift.map((one) => ({ ...one, node: renamed(one.node, rename) })),
      ...(placement === undefined
        ? {}
        : {
            placement: Object.fromEntries(
              Object.entries(placement).map(([service, nodes]) => [service, some(nodes, rename)]),
            ),
          }),
      ...(access === undefined ? {} : { access: accessWith(access, rename) }),
      ...(upgrade === undefined
        ? {}
        : {
            upgrade: {
              ...upgrade,
              strategy: strategyFor(upgrade.strategy, plan.params.nodes, stay.length),
            },
          }),
    };
  } catch (error) {
    if (error instanceof Needed) return undefined;
    throw error;
  }
}
