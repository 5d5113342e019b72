import { disturbingFault, findConnections } from '../../mesh/upgrade/connections.ts';
import { isPlacedOn } from '../../model/placement.ts';
import { serviceOf } from '../../model/serviceMeasures.ts';
import { observationOf, type Rule } from './rule.ts';

/** Whether services answered while they were upgraded, from what nodes found that asked. */

/** Each is of a service that was placed on a node of the run, is told once, and counts no more failures than connections. */
export const answersArePossible: Rule = function* ({ evidence, nodes, plan, upgrade }) {
  if (upgrade === undefined) return;
  const { answers, indicators } = upgrade.report;
  const seen = new Set<string>();
  for (const { service, nodeId, asked, refused, unanswered } of answers) {
    const what = `connections to "${service}" on ${nodeId}`;
    const isThere = nodes.some((node) => node.nodeId === nodeId);
    if (!isThere || !isPlacedOn(plan.placement, service, nodeId)) {
      yield `It tells of ${what}, where that does not run.`;
    }
    if (seen.has(`${service} ${nodeId}`)) yield `It tells twice of ${what}.`;
    seen.add(`${service} ${nodeId}`);
    if (asked === 0 || refused + unanswered > asked) {
      yield `It tells of ${refused} and ${unanswered} ${what} that failed, of ${asked}.`;
    }
    const isPromised = indicators.some(
      (one) => one.metric === 'availability-percent' && serviceOf(one) === service,
    );
    if (isPromised) {
      yield `It judges ${what} although that promises availability, which was measured.`;
    }
  }
  const isWired = 'services' in evidence.network && evidence.network.services !== undefined;
  if (answers.length > 0 && !isWired) {
    yield 'It tells of connections over the wire, but counts no packets of services.';
  }
};

/** What promises to be available was, or was not, while nodes ran different Capsules; what promises nothing took connections, or refused some. */
export const servedThroughoutFollows: Rule = function* (claims) {
  const { upgrade, planned } = claims;
  const observed = observationOf(claims, 'served-throughout');
  if (upgrade === undefined || observed === undefined) return;
  const { answers, indicators } = upgrade.report;
  const measured = indicators.filter(
    ({ window, metric }) => window === 'mixed' && metric === 'availability-percent',
  );
  const isDisturbed = disturbingFault(planned?.schedule ?? []) !== undefined;
  const found = findConnections(isDisturbed ? [] : answers);
  const hasFailed = measured.some(({ passed }) => !passed) || found.worst !== undefined;
  const isJudged = measured.length > 0 || found.judged.length > 0;
  const follows = hasFailed ? 'violated' : isJudged ? 'held' : 'not-observed';
  if (observed !== follows) {
    yield `By what it measured in the window "mixed", and by the connections that nodes took or refused, "served-throughout" is "${follows}", and not "${observed}".`;
  }
};
