import type { StatedLink } from '../../model/evidence.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import type { LinkVariants } from '../../network/linkVariants.ts';
import { isPass, type Claims, type Rule } from './rule.ts';

/** A link as reported, with what the plan lets it be. */
export interface JudgedLink {
  readonly name: string;
  readonly report: StatedLink;
  readonly variants: LinkVariants;
}

/** The links the plan has. */
export function judgedLinks({ evidence, planned }: Claims): JudgedLink[] {
  if (planned === undefined) return [];
  return evidence.network.links.flatMap((report) => {
    const { from, to } = report;
    const [source, target] = [nodeIndexOf(from), nodeIndexOf(to)];
    const isInMesh = source < planned.table.nodes && target < planned.table.nodes;
    const variants = isInMesh ? planned.variantsOf(source, target) : undefined;
    return variants === undefined ? [] : [{ name: `${from} to ${to}`, report, variants }];
  });
}

/** Nodes talk to each other over links that go both ways, and to nobody else. */
export const linksAreThePlans: Rule = function* ({ evidence, planned }) {
  if (planned === undefined) return;
  const { table } = planned;
  for (const { from, to } of evidence.network.links) {
    const [source, target] = [nodeIndexOf(from), nodeIndexOf(to)];
    const isLinked = source < table.nodes && table.neighboursOf(source).includes(target);
    if (!isLinked) yield `It reports a link ${from} to ${to}, which the plan does not have.`;
  }
};

export const linksAreReportedOnce: Rule = function* ({ evidence, result }) {
  const places = evidence.network.links.map(
    ({ from, to }) => nodeIndexOf(from) * result.params.nodes + nodeIndexOf(to),
  );
  const isOrdered = places.every((place, at) => at === 0 || place > (places[at - 1] ?? -1));
  if (!isOrdered) yield 'Its links are not in order, or one is reported twice.';
};

/** A node that comes up greets all its neighbours: one that ended `boot` well used every link that leaves it. */
export const greetingsWereSent: Rule = function* ({ evidence, nodes, planned }) {
  if (planned === undefined) return;
  const used = new Set(evidence.network.links.map(({ from, to }) => `${from} to ${to}`));
  for (const [node, { nodeId, report }] of nodes.slice(0, planned.table.nodes).entries()) {
    if (!report.phases.some(({ name, status }) => name === 'boot' && status === 'ok')) continue;
    const neighbours = planned.table.neighboursOf(node).map(nodeIdOf);
    const missing = neighbours.find((to) => !used.has(`${nodeId} to ${to}`));
    if (missing !== undefined) {
      yield `${nodeId} came up, but no packet to its neighbour ${missing} is reported.`;
    }
  }
};

/**
 * Every packet was delivered, died or was still under way at the end. A double, where the link makes any, is one more that was
 * delivered, damaged or came too late.
 */
export const packetsAddUp: Rule = function* (claims) {
  for (const { name, report, variants } of judgedLinks(claims)) {
    const { sent, delivered, dropped, unreachable } = report;
    const ended = delivered + dropped + unreachable;
    const most = variants.mayDouble ? 2 * sent : sent;
    if (ended > most) yield `The link ${name} sent ${sent} packets, of which ${ended} ended.`;
    if (sent === 0) yield `The link ${name} is reported, but sent nothing.`;
  }
};

/** In virtual time every node listens from the start: a packet finds nobody only where something was broken. */
export const unreachableHasACause: Rule = function* (claims) {
  const { nodes, plan, planned } = claims;
  if (plan.world !== 'virtual' || planned === undefined) return;
  const isBroken =
    nodes.some(({ report }) => report.phases.some(({ status }) => status === 'error')) ||
    planned.schedule.some(({ do: effect }) => 'partition' in effect || 'kill' in effect);
  if (isBroken) return;
  for (const { name, report, variants } of judgedLinks(claims)) {
    if (report.unreachable > 0 && !variants.mayBeDown) {
      yield `${report.unreachable} packets of the link ${name} found nobody, but nothing was broken.`;
    }
  }
};

/** In a pass content came from n0 to every node, over links that delivered something. */
export const contentHadAWay: Rule = function* (claims) {
  if (!isPass(claims)) return;
  const links = claims.evidence.network.links.filter(({ delivered }) => delivered > 0);
  const reached = new Set(['n0']);
  for (const node of reached) {
    for (const { from, to } of links) if (from === node) reached.add(to);
  }
  for (const { nodeId } of claims.nodes) {
    if (!reached.has(nodeId)) yield `${nodeId} passed, but no packet can have come to it from n0.`;
  }
};
