import type { LedgerEntry, SignedEntry } from '../model/ledgerEntry.ts';
import type { FiledEntry } from '../signing/filing.ts';
import type { Filing } from '../signing/filingFacts.ts';

interface Run {
  readonly capsuleHash: string;
  readonly startedAt?: number;
  readonly planDigest?: string;
  readonly sealedAt?: number;
}

/**
 * What was filed in a ledger so far, and what may therefore not come next: a body is filed once, a run is started once and
 * then sealed once, and nothing is filed before what it rests on. Without it, whoever holds the ledger key could let an old
 * pass follow a failure, or move the start of a run behind that of one that was thrown away.
 */
export class FilingHistory {
  /** Ledger index by body. */
  readonly #bodies = new Map<string, number>();
  readonly #runs = new Map<string, Run>();

  static of(
    entries: Iterable<{ readonly index: number; readonly entry: LedgerEntry }>,
  ): FilingHistory {
    const history = new FilingHistory();
    for (const { index, entry } of entries) history.add(entry, index);
    return history;
  }

  /** Where a body was filed first. */
  filedAt(body: string): number | undefined {
    return this.#bodies.get(body);
  }

  /** Why an entry may not come next, one sentence; undefined: it may. */
  problemWith(entry: LedgerEntry): string | undefined {
    if (entry.kind === 'sim-started') return this.#problemWithStart(entry.simId);
    const filed = this.#bodies.get(entry.body);
    if (filed !== undefined && !mayRepeat(entry)) {
      return `it files again what entry ${filed} stands for`;
    }
    if (entry.kind !== 'sim-result') return undefined;
    const run = this.#runs.get(entry.simId);
    if (run?.sealedAt !== undefined) {
      return `simulation ${entry.simId} was sealed as entry ${run.sealedAt} already`;
    }
    return run === undefined || run.capsuleHash === entry.capsuleHash
      ? undefined
      : `simulation ${entry.simId} was started with another Capsule`;
  }

  /**
   * Why an entry may not stand at an index with this body, one sentence; undefined: it may.
   * @param origin of the ledger
   */
  problemWithBody(
    entry: SignedEntry,
    filing: Filing,
    index: number,
    origin: string,
  ): string | undefined {
    if (filing.ledger !== undefined && filing.ledger !== origin) {
      return 'It was signed for another ledger.';
    }
    const isMissing = (body: string) => !((this.#bodies.get(body) ?? Infinity) < index);
    if (filing.restsOn.some(isMissing)) return RESTS_ON_NOTHING;
    const planned =
      entry.kind === 'sim-result' ? this.#runs.get(entry.simId)?.planDigest : undefined;
    return planned === undefined || planned === filing.planDigest
      ? undefined
      : 'It was run with another plan than its start names.';
  }

  /** As both, of an entry that is about to be appended: of these none may repeat another. */
  problemWithNext(
    { entry, filing }: FiledEntry,
    head: { readonly size: number; readonly origin: string },
  ): string | undefined {
    const filed = this.#bodies.get(entry.body);
    return filed === undefined
      ? (this.problemWith(entry) ?? this.problemWithBody(entry, filing, head.size, head.origin))
      : `entry ${filed} stands for the same signed body`;
  }

  #problemWithStart(simId: string): string | undefined {
    const run = this.#runs.get(simId);
    if (run === undefined) return undefined;
    return `simulation ${simId} is in entry ${run.startedAt ?? run.sealedAt ?? 0} already`;
  }

  add(entry: LedgerEntry, index: number): void {
    if ('body' in entry && !this.#bodies.has(entry.body)) this.#bodies.set(entry.body, index);
    if (!('simId' in entry)) return;
    const { simId, capsuleHash } = entry;
    const known = this.#runs.get(simId) ?? { capsuleHash };
    const news =
      entry.kind === 'sim-started'
        ? { startedAt: index, planDigest: entry.planDigest }
        : { sealedAt: index };
    this.#runs.set(simId, { ...news, ...known });
  }
}

export const RESTS_ON_NOTHING = 'What it rests on is not in the ledger before it.';

/**
 * Releases before packs were told apart signed the same body for every pack of a Capsule. Such an entry says nothing new, and
 * counts for nothing: the gate takes the first.
 */
export function mayRepeat(entry: LedgerEntry): boolean {
  return entry.kind === 'pack' && entry.invocationId === undefined;
}
