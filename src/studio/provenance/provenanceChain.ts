import { RESTS_ON_NOTHING } from '../../ledger/filingHistory.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { Proof } from './provenanceProof.ts';

/** An entry, whether it verifies, and the entry it rests on. */
export interface Link {
  readonly appended: AppendedEntry;
  readonly proof: Proof;
  readonly parent: AppendedEntry | undefined;
  /** Why the step from the parent does not hold; undefined: it does. */
  readonly problem: string | undefined;
}

export interface Prover {
  /** Never throws for what does not hold. */
  prove(appended: AppendedEntry): Promise<Proof>;
}

/** The entries, and whatever they rest on, however old that is. */
export async function linksOf(
  shown: readonly AppendedEntry[],
  entries: readonly AppendedEntry[],
  prover: Prover,
): Promise<Map<number, Link>> {
  const links = new Map<number, Link>();
  const pending = [...shown];
  for (let appended = pending.pop(); appended !== undefined; appended = pending.pop()) {
    if (links.has(appended.index)) continue;
    const proof = await prover.prove(appended);
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
    return { appended, proof, parent, problem: RESTS_ON_NOTHING };
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

/** What does not hold about an entry itself, or about its step from its parent. */
export function ownProblem({ proof, problem }: Link): string | undefined {
  return proof.problem ?? problem;
}

const RESTS = 'It rests on something unproven: ';

/** The first thing that does not hold, from the entry back to its Capsule. */
export function problemAlong(link: Link, links: ReadonlyMap<number, Link>): string | undefined {
  const own = ownProblem(link);
  if (own !== undefined || link.parent === undefined) return own;
  const parent = links.get(link.parent.index);
  const above = parent === undefined ? undefined : problemAlong(parent, links);
  if (above === undefined || above.startsWith(RESTS)) return above;
  return `${RESTS}${above}`;
}
