import { nodeIndexOf } from '../../model/nodeIds.ts';
import { isPlacedOn } from '../../model/placement.ts';
import { demandWords, meetsDemand } from '../../model/requiredProgram.ts';
import { ranOf } from './placement.ts';
import type { Claims, Rule } from './rule.ts';

function recordsOf({ evidence }: Claims) {
  return ('programs' in evidence ? evidence.programs : undefined) ?? [];
}

/** A record is of a program of its Capsule, on a node that started services and has that one, and there is one of each. */
export const programsAreOfTheCapsule: Rule = function* (claims) {
  const { plan, nodes, programs } = claims;
  const records = recordsOf(claims);
  if (records.length > 0 && plan.world === 'virtual') {
    yield 'It names programs that services ran, but none runs in virtual time.';
  }
  for (const [at, { nodeId, service }] of records.entries()) {
    const what = `It names the program of "${service}" on ${nodeId}`;
    if (programs?.has(service) === false) {
      yield `${what}, which is no program of its Capsule.`;
    }
    const node = nodes[nodeIndexOf(nodeId)];
    const hasStarted = node?.report.phases.some(({ name }) => name === 'start') === true;
    if (!hasStarted || !isPlacedOn(plan.placement, service, nodeId)) {
      yield `${what}, which never started it.`;
    }
    const first = records.findIndex((one) => one.nodeId === nodeId && one.service === service);
    if (first !== at) yield `${what} twice.`;
  }
};

/** What was found is what the Capsule requires. */
export const programsMeetTheirDemand: Rule = function* (claims) {
  for (const { nodeId, service, ...found } of recordsOf(claims)) {
    const demand = claims.programs?.get(service);
    if (demand === undefined || meetsDemand(demand, found)) continue;
    const { path, version = 'of no known version' } = found;
    yield `"${service}" requires ${demandWords(demand)}, but ran ${path}, ${version}, on ${nodeId}.`;
  }
};

/** Whatever ran has its record. */
export const programsAreNamed: Rule = function* (claims) {
  const records = recordsOf(claims);
  for (const { nodeId, services } of ranOf(claims) ?? []) {
    const unnamed = services.find(
      (name) =>
        claims.programs?.has(name) === true &&
        !records.some((one) => one.nodeId === nodeId && one.service === name),
    );
    if (unnamed !== undefined) {
      yield `It says that "${unnamed}" ran on ${nodeId}, but not which program of the machine it was.`;
    }
  }
};
