import type { AppendedEntry } from '../ledger/ledger.ts';
import type { GraphEdge, GraphNode, ProvenanceGraph, ProvenanceRun } from '../model/api.ts';
import { RunDescriber } from './describeRun.ts';
import { readProvenance } from './provenance.ts';
import { ProofReader, type Proof } from './provenanceProof.ts';
import type { Studio } from './studio.ts';

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

/** An entry, whether it verifies, and the entry it rests on. */
interface Link {
  readonly appended: AppendedEntry;
  readonly proof: Proof;
  readonly parent: AppendedEntry | undefined;
  /** Why the step from the parent does not hold; undefined: it does. */
  readonly problem: string | undefined;
}

/**
 * Capsule → evidence → gate decision → deploy, newest first. Every signature, digest and ledger proof is checked now, and
 * so is every digest by which one names the one before it. What rests on something unproven is unproven too.
 */
export async function provenanceGraph(
  studio: Studio,
  request: GraphRequest = {},
): Promise<ProvenanceGraph> {
  const { workspace } = studio;
  if (!workspace.hasLedger()) return { nodes: [], edges: [] };
  const { entries, integrity } = await readProvenance(workspace);
  const { verified } = integrity;
  const reader = await ProofReader.open(workspace, verified);
  const describer = await RunDescriber.open(studio, entries, verified);
  const { shown, next } = pageOf(entries, request);
  const links = await withParents(shown, entries, reader);
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const link of [...links.values()].sort((a, b) => b.appended.index - a.appended.index)) {
    const run = await describer.describe(link.appended);
    const problem = problemAlong(link, links);
    nodes.push(nodeOf(link, run, problem));
    if (link.parent !== undefined) edges.push(edgeOf(link.parent, link, run, problem));
  }
  return { nodes, edges, ...(next === undefined ? {} : { next }) };
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

/** The entries, and whatever they rest on, however old that is. */
async function withParents(
  shown: readonly AppendedEntry[],
  entries: readonly AppendedEntry[],
  reader: ProofReader,
): Promise<Map<number, Link>> {
  const links = new Map<number, Link>();
  const pending = [...shown];
  for (let appended = pending.pop(); appended !== undefined; appended = pending.pop()) {
    if (links.has(appended.index)) continue;
    const proof = await reader.prove(appended);
    const link = linkOf(appended, proof, entries);
    links.set(appended.index, link);
    if (link.parent !== undefined) pending.push(link.parent);
  }
  return links;
}

function linkOf(appended: AppendedEntry, proof: Proof, entries: readonly AppendedEntry[]): Link {
  const { entry, index } = appended;
  if (entry.kind === 'pack') return { appended, proof, parent: undefined, problem: undefined };
  const earlier = entries.filter(
    (one) => one.index < index && one.entry.capsuleHash === entry.capsuleHash,
  );
  const named = earlier.findLast(
    ({ entry: one }) => 'body' in one && proof.parent !== undefined && one.body === proof.parent,
  );
  const restsOnCapsule = entry.kind === 'gate-decision' && proof.parent === undefined;
  const pack = earlier.findLast(({ entry: one }) => one.kind === 'pack');
  // A decision without evidence rests on the Capsule alone; for anything else the pack only shows where it belongs.
  const parent = named ?? pack;
  if (parent === undefined) {
    return { appended, proof, parent, problem: 'The ledger has no pack of its Capsule.' };
  }
  if (named === undefined && !restsOnCapsule && proof.problem === undefined) {
    return { appended, proof, parent, problem: 'What it rests on is not in the ledger before it.' };
  }
  return { appended, proof, parent, problem: expectationProblem(appended, parent, restsOnCapsule) };
}

const PARENT_KINDS = {
  'sim-result': 'pack',
  'gate-decision': 'sim-result',
  deploy: 'gate-decision',
} as const;

function expectationProblem(
  { entry }: AppendedEntry,
  { entry: parent }: AppendedEntry,
  restsOnCapsule: boolean,
): string | undefined {
  if (entry.kind === 'pack' || entry.kind === 'sim-started' || restsOnCapsule) return undefined;
  if (parent.kind !== PARENT_KINDS[entry.kind]) {
    return `It rests on a ${parent.kind}, where a ${PARENT_KINDS[entry.kind]} belongs.`;
  }
  if (entry.kind !== 'deploy' || parent.kind !== 'gate-decision') return undefined;
  if (parent.decision === 'deny') return 'It was deployed although its gate refused.';
  return parent.environment === entry.environment
    ? undefined
    : 'The decision it names is that of another environment.';
}

const RESTS = 'It rests on something unproven: ';

/** The first thing that does not hold, from the entry back to its Capsule. */
function problemAlong(link: Link, links: ReadonlyMap<number, Link>): string | undefined {
  const own = link.proof.problem ?? link.problem;
  if (own !== undefined || link.parent === undefined) return own;
  const parent = links.get(link.parent.index);
  const above = parent === undefined ? undefined : problemAlong(parent, links);
  if (above === undefined || above.startsWith(RESTS)) return above;
  return `${RESTS}${above}`;
}

const KINDS = {
  pack: 'capsule',
  simulation: 'evidence',
  'gate-decision': 'gate-decision',
  deploy: 'deploy',
} as const;

function nodeOf(link: Link, run: ProvenanceRun, problem: string | undefined): GraphNode {
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
    ...(decision === undefined ? {} : { rules: decision.rules }),
    ...(decision?.breakGlass === undefined ? {} : { isBreakGlass: true }),
  };
}

function statusOf({ status }: ProvenanceRun): GraphNode['status'] {
  if (status === 'refused') return 'refused';
  return status === 'fail' ? 'failed' : 'proven';
}

function edgeOf(
  parent: AppendedEntry,
  link: Link,
  run: ProvenanceRun,
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
