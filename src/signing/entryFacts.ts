import { archiveBytes, type Manifest } from '../model/capsule.ts';
import type { EntryOf, SignedKind, UnsignedEntry } from '../model/ledgerEntry.ts';
import { packRunOf, packStatementOf } from '../model/packStatement.ts';
import type { Statements } from '../model/statementKinds.ts';
import { earliestRecord } from '../model/recordedTime.ts';
import { canonicalBytes, isSame } from './canonicalJson.ts';
import { sha256Hex } from './digest.ts';
import type { SignedFields } from './dsse.ts';

/** What an entry of a kind says besides its time and which envelope it stands for. */
export type FactsOf<K extends SignedKind> = Omit<
  EntryOf<K>,
  'v' | 'kind' | 'at' | keyof SignedFields
>;

/** A verified body. */
export interface BodyOf<K extends SignedKind> {
  readonly statement: Statements[K];
  /** Of a pack: the manifest it is about. @throws MeshSimError where nobody has it */
  readonly manifest: () => Manifest;
}

/** What the body of an entry decides about the entry. */
interface SignedFiling<K extends SignedKind> {
  /** The entry's fields: it may say no other. */
  readonly facts: (body: BodyOf<K>) => FactsOf<K>;
  /** Where the body does not agree with itself: every fact of the entry must have one answer. */
  readonly contradiction: (body: BodyOf<K>) => string | undefined;
  /** The entry's time is this one, or, for a result, none before it. Undefined: an earlier release did not sign it. */
  readonly time: (statement: Statements[K]) => SignedTime | undefined;
  /** Digests of the bodies that must have been filed before it. */
  readonly restsOn: (statement: Statements[K]) => readonly string[];
  /** SHA-256 of the plan that the start of its run must name; undefined: it is no run. */
  readonly planDigest: (statement: Statements[K]) => string | undefined;
  /** Origin of the only ledger it may be in; undefined: of an earlier release, or bound by what it rests on. */
  readonly ledger: (statement: Statements[K]) => string | undefined;
}

export interface SignedTime {
  readonly rule: 'exactly' | 'not-before';
  readonly at: string;
}

/**
 * The kinds no signature stands behind: only the ledger speaks of a start. What can be held against it is in
 * `ledger/filingHistory.ts`: its order, and its plan against that of the result.
 */
export const UNSIGNED_KINDS: Readonly<Record<UnsignedEntry['kind'], 'no-body'>> = {
  'sim-started': 'no-body',
};

/**
 * How each other kind of entry follows from its body: the whole rule by which append, audit, provenance, gate and trust match
 * the two. A kind in neither record, and a field of an entry that no body decides, do not compile.
 */
export const FILINGS: { readonly [K in SignedKind]: SignedFiling<K> } = {
  pack: {
    facts: ({ statement, manifest }) => {
      const { name, services, dirty } = manifest();
      const run = packRunOf(statement);
      return {
        ...{ capsuleHash: subjectOf(statement), name },
        services: services.length,
        bytes: archiveBytes(manifest()),
        dirty: dirty !== undefined,
        ...(run === undefined ? {} : { invocationId: run.invocationId }),
      };
    },
    contradiction: ({ statement, manifest }) => {
      const again = packStatementOf(subjectOf(statement), manifest(), packRunOf(statement));
      return isSame(statement, again) ? undefined : 'it does not say what the manifest says';
    },
    time: (statement) => exactly(packRunOf(statement)?.finishedOn),
    restsOn: () => [],
    planDigest: () => undefined,
    ledger: (statement) => packRunOf(statement)?.ledger,
  },
  'sim-result': {
    facts: ({ statement }) => {
      const { result, resultDigest } = statement.predicate.meshsim_evidence;
      const { simId, outcome } = result;
      return {
        ...{ capsuleHash: subjectOf(statement), simId, outcome },
        resultDigest: resultDigest.sha256,
      };
    },
    contradiction: ({ statement }) =>
      isAbout(statement, statement.predicate.meshsim_evidence.result.capsuleHash),
    time: ({
      predicate: {
        meshsim_evidence: { plan, result },
      },
    }) => ({
      rule: 'not-before',
      at: earliestRecord(result, plan),
    }),
    restsOn: ({ predicate }) => predicate.meshsim_evidence.links.map(({ digest }) => digest.sha256),
    planDigest: ({ predicate }) => sha256Hex(canonicalBytes(predicate.meshsim_evidence.plan)),
    ledger: () => undefined,
  },
  'gate-decision': {
    facts: ({ statement }) => {
      const { environment, decision, evidence } = statement.predicate.meshsim_gate;
      return {
        ...{ capsuleHash: subjectOf(statement), environment, decision },
        ...(evidence === undefined ? {} : { evidence: evidence.digest }),
      };
    },
    contradiction: ({ statement }) =>
      isAbout(statement, statement.predicate.meshsim_gate.capsuleHash),
    time: ({ predicate }) => exactly(predicate.meshsim_gate.decidedAt),
    restsOn: ({
      predicate: {
        meshsim_gate: { evidence },
      },
    }) => (evidence === undefined ? [] : [evidence.digest]),
    planDigest: () => undefined,
    ledger: ({ predicate }) => predicate.meshsim_ledger,
  },
  deploy: {
    facts: ({ statement }) => {
      const { environment, status, decision } = statement.predicate;
      return { capsuleHash: subjectOf(statement), environment, status, decision };
    },
    contradiction: ({ statement }) => isAbout(statement, statement.predicate.capsuleHash),
    time: ({ predicate }) => exactly(predicate.endedAt),
    restsOn: ({ predicate }) => [predicate.decision],
    planDigest: () => undefined,
    ledger: ({ predicate }) => predicate.ledger,
  },
};

function subjectOf({ subject }: Statements[SignedKind]): string {
  return subject[0]?.digest.sha256 ?? '';
}

function exactly(at: string | undefined): SignedTime | undefined {
  return at === undefined ? undefined : { rule: 'exactly', at };
}

function isAbout(statement: Statements[SignedKind], capsuleHash: string): string | undefined {
  return subjectOf(statement) === capsuleHash ? undefined : 'it is about two Capsules';
}
