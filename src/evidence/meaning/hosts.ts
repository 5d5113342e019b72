import { LOCAL_HOST } from '../../model/hostKinds.ts';
import { hostsOfNodes } from '../../model/hostPlacement.ts';
import { rateWords } from '../../model/home.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import { narrowerThanPlanned } from '../../model/realWay.ts';
import type { Claims, Rule } from './rule.ts';

function hostsOf({ evidence }: Pick<Claims, 'evidence'>) {
  return ('hosts' in evidence ? evidence.hosts : undefined) ?? [];
}

/** Nodes lived where the plan puts them, each is named once, in order, and none that lived beside the orchestrator. */
export const nodesLivedWhereThePlanSays: Rule = function* (claims) {
  const { plan } = claims;
  const stated = hostsOf(claims);
  const planned = hostsOfNodes(plan.hosts, plan.params.nodes).flatMap((host, index) =>
    host === LOCAL_HOST ? [] : [{ nodeId: nodeIdOf(index), host }],
  );
  for (const { nodeId, host } of planned) {
    const found = stated.find((one) => one.nodeId === nodeId);
    if (found === undefined) {
      yield `Its plan puts ${nodeId} on "${host}", but it does not say that it lived there.`;
    } else if (found.host !== host) {
      yield `Its plan puts ${nodeId} on "${host}", but it says that it lived on "${found.host}".`;
    }
  }
  for (const [at, { nodeId, kind }] of stated.entries()) {
    if (!planned.some((one) => one.nodeId === nodeId)) {
      yield `It says that ${nodeId} lived on another machine, where its plan does not put it.`;
    } else if (stated.findIndex((one) => one.nodeId === nodeId) !== at) {
      yield `It says twice where ${nodeId} lived.`;
    }
    if (kind === LOCAL_HOST) yield `It says that ${nodeId} lived elsewhere, on this machine.`;
  }
};

/** Of each other node at most once, in their order, and no quantile below a lesser one. */
export const arrivalsAreOfOtherNodes: Rule = function* (claims) {
  const nodes = claims.plan.params.nodes;
  for (const { nodeId, arrivals } of hostsOf(claims)) {
    if (arrivals === null) continue;
    const senders = arrivals.links.map(({ from }) => nodeIndexOf(from));
    const isOrdered = senders.every((from, at) => from > (senders[at - 1] ?? -1) && from < nodes);
    if (!isOrdered || senders.includes(nodeIndexOf(nodeId)) || senders.length === 0) {
      yield `It says of whom something came to ${nodeId}, but these are not other nodes of the run, each once and in order.`;
    }
    for (const { from, count } of arrivals.links) {
      if (count === 0)
        yield `It says how late what came to ${nodeId} from ${from} was, but nothing came.`;
    }
    for (const { p50, p90, p99 } of [arrivals, ...arrivals.links].map(({ errorMs }) => errorMs)) {
      if (p50 > p90 || p90 > p99) {
        yield `It says of what came to ${nodeId} that more of it was later than of it at all.`;
      }
    }
  }
};

/** The error of a clock is half of a round trip. */
export const clocksFitTheRoundTrips: Rule = function* (claims) {
  for (const { nodeId, clock, roundTripMs } of hostsOf(claims)) {
    const { min, p50 } = roundTripMs;
    if (p50 < min) yield `It says that the fastest round trip to ${nodeId} was not the fastest.`;
    // Rounded to three decimals.
    if (Math.abs(clock.end.errorMs - min / 2) > 0.001) {
      yield `It says that the clock of ${nodeId} is known to ${clock.end.errorMs} ms, but half the fastest round trip is ${min / 2} ms.`;
    }
  }
};

/** A plan whose links are to carry more than the real way is refused. */
export const pathsCarryWhatThePlanAsks: Rule = function* (claims) {
  const ways = hostsOf(claims).map(({ nodeId, host, pathMbps: mbps }) => ({ nodeId, host, mbps }));
  const narrow = narrowerThanPlanned(claims.plan, ways);
  if (narrow === undefined) return;
  const { way, link, plannedMbps } = narrow;
  yield `It says that the way to ${way.nodeId} carried ${rateWords(way.mbps)}, but its plan gives ${link} ${rateWords(plannedMbps)}.`;
};
