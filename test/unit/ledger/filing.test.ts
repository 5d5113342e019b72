import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FilingHistory } from '../../../src/ledger/filingHistory.ts';
import type { SignedEntry } from '../../../src/model/ledgerEntry.ts';
import type { FiledEntry } from '../../../src/signing/filing.ts';
import type { Filing } from '../../../src/signing/filingFacts.ts';
import { mismatch } from '../../../src/signing/filingFacts.ts';
import { signedChain } from '../../support/signedKinds.ts';

const ORIGINS = ['mesh-sim/ledger/one/1', 'mesh-sim/ledger/one/2'] as const;
const CHAINS = 3;

/** What two ledgers of one Capsule key hold, each body verified once. */
const LEDGERS = ORIGINS.map((origin) =>
  Array.from({ length: CHAINS }, (_, number) =>
    Object.values<FiledEntry>(signedChain(origin, number).entries),
  ).flat(),
);
const [OWN = [], OTHER = []] = LEDGERS;
const ALL = [...OWN, ...OTHER];
const FILINGS = new Map<string, Filing>(ALL.map(({ entry, filing }) => [entry.body, filing]));

/** What the audit says of entries in this order, as it is with the bodies at hand; undefined: nothing. */
function problemIn(entries: readonly SignedEntry[]): string | undefined {
  const history = new FilingHistory();
  for (const [index, entry] of entries.entries()) {
    const filing = FILINGS.get(entry.body);
    const problem =
      history.problemWith(entry) ??
      (filing === undefined ? 'It has no body.' : mismatch(entry, filing)) ??
      history.problemWithBody(entry, filing ?? OWN[0]!.filing, index, ORIGINS[0]);
    if (problem !== undefined) return problem;
    history.add(entry, index);
  }
  return undefined;
}

const own = OWN.map(({ entry }) => entry);
const anyEntry = fc.constantFrom(...ALL.map(({ entry }) => entry));

/** What the ledger key can append that no honest program would, made of what was genuinely signed. */
const forged = fc.oneof(
  // An entry of this ledger again, or one of the other.
  anyEntry,
  // The facts of one over the body of another.
  fc.tuple(anyEntry, anyEntry).map(([facts, { body, payload, sig }]) => ({
    ...facts,
    ...{ body, payload, sig },
  })),
  // One field of another.
  fc.tuple(anyEntry, anyEntry, fc.nat()).map(([entry, from, at]) => {
    const names = Object.keys(from).filter((name) => name !== 'v');
    const name = names[at % names.length] ?? 'at';
    return { ...entry, [name]: from[name as keyof SignedEntry] };
  }),
) as fc.Arbitrary<SignedEntry>;

describe('entries and the bodies they stand for', () => {
  it('hold as they were filed', () => {
    assert.equal(problemIn(own), undefined);
  });

  it('give away whatever is filed again, crossed or taken from another ledger', () => {
    fc.assert(
      fc.property(forged, fc.nat(own.length), (entry, at) => {
        const entries = [...own.slice(0, at), entry, ...own.slice(at)];
        // Where the next genuine entry is put in its own place, the genuine one after it is the copy.
        assert.notEqual(problemIn(entries), undefined);
      }),
      { numRuns: 10_000 },
    );
  });

  it('give away entries of a chain in another order', () => {
    const order = fc.shuffledSubarray([...own.keys()], { minLength: own.length });
    const inChains = (indexes: readonly number[]) =>
      Array.from({ length: CHAINS }, (_, chain) =>
        indexes.filter((index) => Math.floor(index / 4) === chain),
      );
    fc.assert(
      fc.property(order, (indexes) => {
        const isKept = inChains(indexes).every((chain) =>
          chain.every((index, at) => index % 4 === at),
        );
        fc.pre(!isKept);
        assert.notEqual(problemIn(indexes.map((index) => own[index]!)), undefined);
      }),
      { numRuns: 10_000 },
    );
  });
});
