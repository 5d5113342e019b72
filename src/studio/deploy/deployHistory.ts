import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { EntryOf } from '../../model/ledgerEntry.ts';
import type { Prover } from '../provenance/provenanceChain.ts';

export interface PastDeploy {
  readonly index: number;
  readonly runId: string;
  readonly entry: EntryOf<'deploy'>;
}

/** Every deploy to an environment that succeeded, rollbacks included, oldest first. */
export function successfulDeploys(
  entries: readonly AppendedEntry[],
  environment: string,
): PastDeploy[] {
  return entries.flatMap(({ index, leafHash, entry }) =>
    entry.kind === 'deploy' && entry.environment === environment && entry.status !== 'failed'
      ? [{ index, runId: leafHash, entry }]
      : [],
  );
}

/**
 * The newest whose signed record verifies now: what an environment has, by what was signed. Whoever can append to the ledger
 * could name any Capsule in an entry, and a failed deploy would put that one in the place of what was active.
 */
export async function newestProven(
  past: readonly PastDeploy[],
  prover: Prover,
): Promise<PastDeploy | undefined> {
  for (const deploy of [...past].reverse()) {
    const { index, runId, entry } = deploy;
    const { problem } = await prover.prove({ index, leafHash: runId, entry });
    if (problem === undefined) return deploy;
  }
  return undefined;
}

/**
 * What may be active by the newest deploys, newest first: one Capsule where the newest record verifies. Where it does not, what
 * it names may be a lie or the truth, and so for the one before, down to the newest that verifies.
 */
export async function maybeActive(past: readonly PastDeploy[], prover: Prover): Promise<string[]> {
  const named = new Set<string>();
  for (const { index, runId, entry } of [...past].reverse()) {
    named.add(entry.capsuleHash);
    const { problem } = await prover.prove({ index, leafHash: runId, entry });
    if (problem === undefined) break;
  }
  return [...named];
}

/** Those that can be gone back to while the Capsule `active` is active. */
export function othersThan(active: string | undefined, past: readonly PastDeploy[]): PastDeploy[] {
  return past.filter(({ entry }) => entry.capsuleHash !== active && entry.decision !== undefined);
}

/** What a rollback goes to. */
export function deployedBefore(
  past: readonly PastDeploy[],
  active: string | undefined,
): PastDeploy | undefined {
  // Counted from when the active one was deployed, so that going back twice goes further back and not to and fro.
  const activeSince =
    past.findLast(({ entry }) => entry.capsuleHash === active && entry.status === 'deployed')
      ?.index ?? Infinity;
  return othersThan(active, past).findLast(({ index }) => index < activeSince);
}
