import type {
  Integrity,
  ProvenanceGraph,
  ProvenancePage,
  ProvenanceRun,
} from '../../src/model/provenanceApi.ts';
import type { TimelineFilter } from './place.ts';

export interface TimelineGroup {
  /** "Now", "Today", "Yesterday", "21 Nov", and with the year where it is another one. */
  readonly label: string;
  readonly runs: readonly ProvenanceRun[];
}

/** In the order of the runs, newest first. Days are those of this machine's time zone; what is under way is "Now". */
export function groupRuns(runs: readonly ProvenanceRun[], now: Date): TimelineGroup[] {
  const groups = new Map<string, ProvenanceRun[]>();
  for (const run of runs) {
    const label = run.status === 'running' ? 'Now' : dayOf(new Date(run.at), now);
    groups.set(label, [...(groups.get(label) ?? []), run]);
  }
  return [...groups].map(([label, ofDay]) => ({ label, runs: ofDay }));
}

function dayOf(day: Date, now: Date): string {
  if (day.toDateString() === now.toDateString()) return 'Today';
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day.toDateString() === yesterday.toDateString()) return 'Yesterday';
  const year = day.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return day.toLocaleDateString([], { day: 'numeric', month: 'short', ...year });
}

/** A simulation whose evidence is sealed: what can be compared. */
export function isSealed({ kind, status, simId }: ProvenanceRun): boolean {
  return kind === 'simulation' && simId !== undefined && (status === 'pass' || status === 'fail');
}

/** The sealed run of the same product before this one; undefined: none is among those loaded. Runs are newest first. */
export function runBefore(
  runs: readonly ProvenanceRun[],
  run: ProvenanceRun,
): ProvenanceRun | undefined {
  const at = runs.findIndex(({ runId }) => runId === run.runId);
  return runs.slice(at + 1).find((one) => isSealed(one) && one.product === run.product);
}

const PASSED: readonly ProvenanceRun['status'][] = ['pass', 'allowed', 'deployed'];
const FAILED: readonly ProvenanceRun['status'][] = ['fail', 'refused'];

export function isShown(run: ProvenanceRun, { words, kind, outcome }: TimelineFilter): boolean {
  if (outcome === 'passed' && !PASSED.includes(run.status)) return false;
  if (outcome === 'failed' && !FAILED.includes(run.status)) return false;
  const kindOfRun = run.kind === 'gate-decision' ? 'deploy' : run.kind;
  if (kind !== 'all' && kind !== kindOfRun) return false;
  const parts = [run.title, run.summary, run.status, run.product, run.signer?.name, run.runId];
  const text = [...parts, run.simId, run.capsuleHash].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The newest page, with the older ones that were loaded before as far as they still go on from it. */
export function refreshedPage(
  shown: ProvenancePage | undefined,
  newest: ProvenancePage,
): ProvenancePage {
  const before = newest.next;
  if (shown === undefined || before === undefined) return newest;
  // The audit decides of every entry whether it is proven, so rows of another verdict are asked for anew.
  if (shown.integrity.verified > newest.integrity.verified) return newest;
  const older = shown.runs.filter(({ index }) => index < before);
  return older.length === 0 ? newest : joined(newest, { ...shown, runs: older });
}

/** `page` followed by the one that `page.next` led to. */
export function joined(page: ProvenancePage, older: ProvenancePage): ProvenancePage {
  const known = new Set(page.runs.flatMap(({ simId }) => simId ?? []));
  // A run that was sealed meanwhile has its row further up.
  const rest = older.runs.filter(({ simId }) => simId === undefined || !known.has(simId));
  const { integrity } = page;
  const runs = [...page.runs, ...rest];
  return older.next === undefined ? { integrity, runs } : { integrity, runs, next: older.next };
}

/** `graph` followed by the page that `graph.next` led to; parents are on both, and of an upgrade the newest evidence counts. */
export function joinedGraphs(graph: ProvenanceGraph, older: ProvenanceGraph): ProvenanceGraph {
  const nodes = new Map([...graph.nodes, ...older.nodes].map((node) => [node.id, node]));
  const edges = new Map(
    [...graph.edges, ...older.edges].map((edge) => [`${edge.from} ${edge.to}`, edge]),
  );
  const upgrades = new Map(
    [...older.upgrades, ...graph.upgrades].map((one) => [`${one.from} ${one.to}`, one]),
  );
  const { next } = older;
  const problem = graph.problem ?? older.problem;
  return {
    checkedAt: graph.checkedAt,
    nodes: [...nodes.values()].sort((left, right) => right.index - left.index),
    edges: [...edges.values()],
    upgrades: [...upgrades.values()],
    ...(problem === undefined ? {} : { problem }),
    ...(next === undefined ? {} : { next }),
  };
}

export type Tick = 'verified' | 'broken' | 'unproven';

/**
 * A picture of the chain from its first link to its last: one tick per link, or per equal share of them where there are
 * more than `most`. The one in which it breaks is "broken", what comes after is "unproven".
 */
export function chainTicks({ size, verified, status }: Integrity, most: number): Tick[] {
  const perTick = Math.max(1, Math.ceil(size / most));
  return Array.from({ length: Math.ceil(size / perTick) }, (_, tick) => {
    const last = Math.min(size, (tick + 1) * perTick);
    if (last <= verified) return 'verified';
    return status === 'broken' && tick * perTick <= verified ? 'broken' : 'unproven';
  });
}
