import { MeshSimError } from '../base/errors.ts';
import { scheduleOf } from '../model/chaosPresets.ts';
import { kindOf } from '../model/faultKinds.ts';
import { nodesOf, waitedNodeOf } from '../model/faultNodes.ts';
import type { FaultEffect } from '../model/faultSchemas.ts';
import { nodeIndexOf } from '../model/nodeIds.ts';
import type { Fault, Plan } from '../model/plan.ts';

function requireKnownNodes({ when, do: effect }: Fault, index: number, nodes: number): void {
  const unknown = [waitedNodeOf(when), ...nodesOf(effect)].find(
    (nodeId) => nodeId !== undefined && nodeIndexOf(nodeId) >= nodes,
  );
  if (unknown === undefined) return;
  throw new MeshSimError(
    'plan-invalid',
    `chaos fault ${index} names ${unknown}, but the plan has only n0 to n${nodes - 1}; name one of those or raise params.nodes.`,
  );
}

function requireEarlierFault({ when }: Fault, index: number): void {
  if (!('afterFault' in when) || when.afterFault < index) return;
  throw new MeshSimError(
    'plan-invalid',
    `chaos fault ${index} waits for fault ${when.afterFault}, which does not come before it; name an index from 0 to ${index - 1}.`,
  );
}

function sidesOf(effect: FaultEffect) {
  if ('partition' in effect) return effect.partition;
  return 'refuse' in effect ? effect.refuse : undefined;
}

function requireTwoSides({ do: effect }: Fault, index: number): void {
  const sides = sidesOf(effect);
  if (sides === undefined) return;
  const { from, to } = sides;
  const both = from.find((nodeId) => to.includes(nodeId));
  if (both === undefined) return;
  throw new MeshSimError(
    'plan-invalid',
    `chaos fault ${index} has ${both} on both sides of its ${kindOf(effect)}; list it on one side only.`,
  );
}

/** The entry node is the only one that holds the content at first: altered there, the run says nothing. */
function requireHonestEntry({ do: effect }: Fault, index: number): void {
  if (!('byzantine' in effect) || effect.byzantine !== 'n0') return;
  throw new MeshSimError(
    'plan-invalid',
    `chaos fault ${index} makes n0 byzantine, but n0 is the entry node all content comes from; name another node.`,
  );
}

/**
 * The faults of a plan: its own, or its preset's when it lists none.
 * @throws MeshSimError plan-invalid, naming the fault and the node
 */
export function chaosSchedule(plan: Plan): readonly Fault[] {
  const schedule = scheduleOf(plan.chaos, plan.params.nodes);
  schedule.forEach((fault, index) => {
    requireKnownNodes(fault, index, plan.params.nodes);
    requireEarlierFault(fault, index);
    requireTwoSides(fault, index);
    requireHonestEntry(fault, index);
  });
  return schedule;
}
