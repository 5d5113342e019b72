import type { AppendedEntry } from '../ledger/ledger.ts';
import type { GraphEdge, GraphNode, ProvenanceGraph, ProvenanceRun } from '../model/api.ts';
import { DSSE_PAYLOAD_TYPE } from '../model/evidence.ts';
import { keysAllowedFor } from '../signing/allowedSigners.ts';
import { verifyEnvelope } from '../signing/dsse.ts';
import { messageOf } from '../base/errors.ts';
import { RunDescriber } from './describeRun.ts';
import { readEnvelope } from './ledgerEntries.ts';
import { auditProvenance, listProvenance } from './provenance.ts';
import { findRun, verifyEvidence } from './runs.ts';
import type { Studio } from './studio.ts';

/** Older entries are in the timeline; a drawing of more than this is no drawing any more. */
const ENTRIES_SHOWN = 40;

type Finding =
  { readonly isProven: true } | { readonly isProven: false; readonly sentence: string };

/**
 * Capsules and what was proven about them, newest first. Every node's own signature and every edge's digests are checked
 * now; what cannot be checked is "unproven", whatever the ledger's words say.
 */
export async function provenanceGraph(studio: Studio): Promise<ProvenanceGraph> {
  const { workspace } = studio;
  if (!workspace.hasLedger()) return { nodes: [], edges: [] };
  const entries = await listProvenance(workspace);
  const audit = await auditProvenance(workspace);
  const verified = audit.ok ? entries.length : (audit.firstBroken ?? 0);
  const describer = await RunDescriber.open(studio, entries, verified);
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const appended of relevant(entries)) {
    const run = await describer.describe(appended);
    const finding = await examine(studio, appended, verified);
    nodes.push(nodeOf(run, finding));
    const from = parentOf(entries, appended);
    if (from !== undefined) edges.push(edgeOf(from.leafHash, run, finding));
  }
  return { nodes, edges: edges.filter(({ from }) => nodes.some(({ id }) => id === from)) };
}

/** Results, and the newest pack before each of them that packed its Capsule. */
function relevant(entries: readonly AppendedEntry[]): AppendedEntry[] {
  const shown = entries.filter(({ entry }) => entry.kind !== 'sim-started').slice(-ENTRIES_SHOWN);
  return shown.reverse();
}

function parentOf(
  entries: readonly AppendedEntry[],
  { index, entry }: AppendedEntry,
): AppendedEntry | undefined {
  if (entry.kind === 'pack') return undefined;
  return entries
    .slice(0, index)
    .findLast(
      (other) => other.entry.kind === 'pack' && other.entry.capsuleHash === entry.capsuleHash,
    );
}

async function examine(
  { workspace }: Studio,
  { index, entry }: AppendedEntry,
  verified: number,
): Promise<Finding> {
  if (index >= verified) return { isProven: false, sentence: 'The ledger is broken before it.' };
  if (!('publicKey' in entry)) return { isProven: false, sentence: 'It carries no signature.' };
  try {
    if (entry.kind === 'sim-result') {
      const { capsim } = await findRun(workspace, entry.simId);
      const report = await verifyEvidence(workspace, capsim);
      return report.verdict === 'verified'
        ? { isProven: true }
        : { isProven: false, sentence: report.sentence };
    }
    const trusted = keysAllowedFor(await workspace.allowedSigners(), 'mesh-sim');
    if (!trusted.includes(entry.publicKey)) {
      return { isProven: false, sentence: 'Its signer is not trusted here.' };
    }
    const envelope = await readEnvelope(workspace, entry.body);
    verifyEnvelope(envelope, entry.publicKey, DSSE_PAYLOAD_TYPE);
    return { isProven: true };
  } catch (error) {
    return { isProven: false, sentence: messageOf(error) };
  }
}

const KINDS = {
  pack: 'capsule',
  simulation: 'evidence',
  'gate-decision': 'gate-decision',
  deploy: 'deploy',
} as const;

function nodeOf(run: ProvenanceRun, finding: Finding): GraphNode {
  const failed = run.status === 'fail' || run.status === 'refused';
  const outcome = run.status === 'refused' ? 'refused' : failed ? 'failed' : 'proven';
  return {
    id: run.runId,
    kind: KINDS[run.kind],
    title: run.title,
    lines: [
      finding.isProven ? run.summary : finding.sentence,
      `Capsule ${run.capsuleHash.slice(0, 7)}`,
    ],
    status: finding.isProven ? outcome : 'unproven',
    runId: run.runId,
    ...(run.simId === undefined ? {} : { simId: run.simId }),
  };
}

function edgeOf(from: string, run: ProvenanceRun, finding: Finding): GraphEdge {
  const edge = { from, to: run.runId };
  if (!finding.isProven) return { ...edge, status: 'unproven', sentence: finding.sentence };
  if (run.status === 'refused') return { ...edge, status: 'refused', sentence: run.summary };
  return {
    ...edge,
    status: 'proven',
    sentence: 'Its signature, the Capsule it names and its place in the ledger hold.',
  };
}
