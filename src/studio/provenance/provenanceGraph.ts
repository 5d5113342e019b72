import { printable } from '../../base/visibleText.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { GraphEdge, GraphNode, ProvenanceGraph } from '../../model/provenanceApi.ts';
import { RunDescriber, type DescribedRun } from '../runs/describeRun.ts';
import { readProvenance } from './provenance.ts';
import { linksOf, problemAlong, type Link } from './provenanceChain.ts';
import { ProofReader } from './provenanceProof.ts';
import type { Studio } from '../studio.ts';
import { upgradeEdge, upgradeSteps } from './upgradeEdges.ts';

export interface GraphRequest {
  /** Only this Capsule's chain. */
  readonly capsuleHash?: string | undefined;
  /** Entries before this ledger index; left out: from the newest. */
  readonly before?: number | undefined;
  /** Entries of a page, their parents not counted. */
  readonly limit?: number | undefined;
}

/** Older entries are on the next page; a drawing of many more than this is no drawing any more. */
export const GRAPH_PAGE = 40;

/**
 * Capsule → evidence → gate decision → deploy, newest first. Every signature, digest and ledger proof is checked now, and
 * so is every digest by which one names the one before it. What rests on something unproven is unproven too. Beside the
 * chains are the upgrades that their evidence rehearsed, from an older Capsule to a newer one.
 */
export async function provenanceGraph(
  studio: Studio,
  request: GraphRequest = {},
): Promise<ProvenanceGraph> {
  const { workspace } = studio;
  const checkedAt = workspace.now();
  if (!workspace.hasLedger()) return { checkedAt, nodes: [], edges: [], upgrades: [] };
  const provenance = await readProvenance(workspace);
  const { entries, integrity } = provenance;
  const reader = await ProofReader.open(workspace, provenance);
  const describer = await RunDescriber.open(studio, entries);
  const { shown, next } = pageOf(entries, request);
  const links = await linksOf(shown, entries, reader);
  const steps = upgradeSteps(await described(links, describer), entries);
  const older = steps.map(({ before }) => before).filter(({ index }) => !links.has(index));
  for (const [index, link] of await linksOf(older, entries, reader)) links.set(index, link);
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const { link, run } of await described(links, describer)) {
    const problem = problemAlong(link, links);
    nodes.push(nodeOf(link, run, problem));
    if (link.parent !== undefined) edges.push(edgeOf(link.parent, link, run, problem));
  }
  return {
    checkedAt,
    nodes,
    edges,
    upgrades: steps.map((step) => upgradeEdge(step, links)),
    ...(integrity.status === 'broken' ? { problem: integrity.sentence } : {}),
    ...(next === undefined ? {} : { next }),
  };
}

/** Newest first. */
async function described(
  links: ReadonlyMap<number, Link>,
  describer: RunDescriber,
): Promise<{ readonly link: Link; readonly run: DescribedRun }[]> {
  const sorted = [...links.values()].sort((a, b) => b.appended.index - a.appended.index);
  const told = [];
  for (const link of sorted) told.push({ link, run: await describer.describe(link.appended) });
  return told;
}

function pageOf(
  entries: readonly AppendedEntry[],
  { capsuleHash, before = Infinity, limit = GRAPH_PAGE }: GraphRequest,
): { shown: AppendedEntry[]; next: number | undefined } {
  const candidates = entries.filter(
    ({ index, entry }) =>
      entry.kind !== 'sim-started' &&
      index < before &&
      (capsuleHash === undefined || entry.capsuleHash === capsuleHash),
  );
  const shown = candidates.slice(-limit);
  return { shown, next: candidates.length > shown.length ? shown[0]?.index : undefined };
}

const KINDS = {
  pack: 'capsule',
  simulation: 'evidence',
  'gate-decision': 'gate-decision',
  deploy: 'deploy',
} as const;

function nodeOf(link: Link, run: DescribedRun, problem: string | undefined): GraphNode {
  const { decision, deploy } = link.proof;
  const environment = decision?.environment ?? deploy?.environment;
  return {
    id: run.runId,
    kind: KINDS[run.kind],
    title: run.title,
    lines: [problem ?? run.summary, `Capsule ${run.capsuleHash.slice(0, 7)}`],
    status: problem === undefined ? statusOf(run) : 'unproven',
    capsuleHash: run.capsuleHash,
    index: run.index,
    at: run.at,
    runId: run.runId,
    ...(run.simId === undefined ? {} : { simId: run.simId }),
    ...(environment === undefined ? {} : { environment }),
    ...(decision === undefined ? {} : { rules: decision.rules.map(shownRule) }),
    ...(decision?.breakGlass === undefined ? {} : { isBreakGlass: true }),
  };
}

/** Records of earlier releases hold reasons with characters that nobody sees. */
function shownRule<R extends { readonly sentence: string }>(rule: R): R {
  return { ...rule, sentence: printable(rule.sentence) };
}

function statusOf({ status }: DescribedRun): GraphNode['status'] {
  if (status === 'refused') return 'refused';
  return status === 'fail' ? 'failed' : 'proven';
}

function edgeOf(
  parent: AppendedEntry,
  link: Link,
  run: DescribedRun,
  problem: string | undefined,
): GraphEdge {
  const edge = { from: parent.leafHash, to: run.runId };
  if (problem !== undefined) return { ...edge, status: 'unproven', sentence: problem };
  if (run.status === 'refused') return { ...edge, status: 'refused', sentence: run.summary };
  const named = link.proof.parent;
  return {
    ...edge,
    status: 'proven',
    sentence: `It names ${named?.slice(0, 12) ?? 'the Capsule'}; signature, digests and ledger proof hold.`,
  };
}
