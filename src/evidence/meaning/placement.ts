import { isSame } from '../../signing/canonicalJson.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { isPlacedOn } from '../../model/placement.ts';
import type { Claims, Rule } from './rule.ts';

/** What evidence says of where services ran; undefined: it says nothing. */
export function ranOf({ evidence }: Pick<Claims, 'evidence'>) {
  return 'ran' in evidence ? evidence.ran : undefined;
}

/** A plan places services of its Capsule. */
export const placementIsOfTheCapsule: Rule = function* ({ plan, services }) {
  const names = Object.keys(plan.placement ?? {});
  const stranger = services && names.find((name) => !services.includes(name));
  if (stranger !== undefined) {
    yield `Its plan places "${stranger}", which is no service of its Capsule.`;
  }
};

export const servicesRanSomewhere: Rule = function* (claims) {
  const { plan, nodes } = claims;
  const ran = ranOf(claims);
  if (ran === undefined) {
    if (plan.placement !== undefined) {
      yield 'Its plan places services on some nodes only, but it does not say where any ran.';
    }
    return;
  }
  if (plan.world === 'virtual') {
    yield 'It says where services ran, but none runs in virtual time.';
  }
  const named = ran.map(({ nodeId }) => nodeId);
  if (
    !isSame(
      named,
      nodes.map((_, index) => nodeIdOf(index)),
    )
  ) {
    yield 'It must say of every node once, in order, which services ran there.';
  }
};

/** A node runs what was placed there, all of it when it is healthy, and nothing before it starts services. */
export const servicesRanWhereTheyWerePlaced: Rule = function* (claims) {
  const { nodes, plan, services, upgrade } = claims;
  for (const { nodeId, services: ran } of ranOf(claims) ?? []) {
    const node = nodes.find((one) => one.nodeId === nodeId);
    if (new Set(ran).size < ran.length) yield `It says twice that a service ran on ${nodeId}.`;
    const stranger =
      services &&
      ran.find((name) => !services.includes(name) && upgrade?.oldServices?.includes(name) !== true);
    if (stranger !== undefined) {
      yield `It says that "${stranger}" ran on ${nodeId}, which is no service of its Capsule.`;
    }
    const misplaced = ran.find((name) => !isPlacedOn(plan.placement, name, nodeId));
    if (misplaced !== undefined) {
      yield `It says that "${misplaced}" ran on ${nodeId}, where its plan does not place it.`;
    }
    const hasStarted = node?.report.phases.some(({ name }) => name === 'start') === true;
    if (ran.length > 0 && !hasStarted) {
      yield `It says that services ran on ${nodeId}, which never started any.`;
    }
    const missing = services?.find(
      (name) => isPlacedOn(plan.placement, name, nodeId) && !ran.includes(name),
    );
    if (missing !== undefined && node?.isHealthy === true) {
      yield `It says that ${nodeId} was healthy, but not that "${missing}" ran there, where its plan places it.`;
    }
  }
};
