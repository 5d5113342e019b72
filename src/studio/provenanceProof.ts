import type * as z from 'zod/mini';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { loadCapsule } from '../capsule/load.ts';
import { readCapsim } from '../evidence/capsim.ts';
import { verifyCapsim } from '../evidence/verify.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import {
  decisionStatementSchema,
  deployStatementSchema,
  type Decision,
  type DeployRecord,
} from '../model/deploy.ts';
import { DSSE_PAYLOAD_TYPE } from '../model/evidence.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { keysAllowedFor } from '../signing/allowedSigners.ts';
import { canonicalBytes, parseCanonical } from '../signing/canonicalJson.ts';
import { envelopeDigest, signedFields, verifyEnvelope } from '../signing/dsse.ts';
import { storedCapsim } from './gateInput.ts';
import { readEnvelope, type EntryOf } from './ledgerEntries.ts';
import type { Workspace } from './workspace.ts';

/** Of one signed ledger entry: whether all of it verifies now, and what it says it rests on. */
export interface Proof {
  /** Why it is unproven, one sentence; undefined: it is proven. */
  readonly problem: string | undefined;
  /** Digest of the envelope it names as its parent; undefined: it names none. */
  readonly parent?: string | undefined;
  readonly decision?: Decision;
  readonly deploy?: DeployRecord;
}

type SignedEntry = Extract<LedgerEntry, { body: string }>;
type Verified = Omit<Proof, 'problem'>;

const MAX_STATEMENT_BYTES = 8 * 1024 * 1024;

export class ProofReader {
  readonly #workspace: Workspace;
  readonly #trusted: readonly string[];
  readonly #logKey: string;
  /** Entries of the ledger, from the first, that its audit found to hold. */
  readonly #verified: number;

  private constructor(
    workspace: Workspace,
    trusted: readonly string[],
    logKey: string,
    verified: number,
  ) {
    this.#workspace = workspace;
    this.#trusted = trusted;
    this.#logKey = logKey;
    this.#verified = verified;
  }

  static async open(workspace: Workspace, verified: number): Promise<ProofReader> {
    const trusted = keysAllowedFor(await workspace.allowedSigners(), 'mesh-sim');
    const { ledger } = await workspace.keyring();
    return new ProofReader(workspace, trusted, ledger.publicKey, verified);
  }

  /** Every signature, digest and ledger proof of an entry, checked now. Never throws for what does not hold. */
  async prove({ index, entry }: AppendedEntry): Promise<Proof> {
    if (index >= this.#verified) return { problem: 'The ledger is broken at or before it.' };
    if (!('body' in entry)) return { problem: 'It carries no signature.' };
    try {
      return { problem: undefined, ...(await this.#verify(entry, index)) };
    } catch (error) {
      return { problem: messageOf(error) };
    }
  }

  async #verify(entry: SignedEntry, index: number): Promise<Verified> {
    if (!this.#trusted.includes(entry.publicKey)) {
      return refuse(`Its signer ${entry.keyid} is not trusted here.`);
    }
    const envelope = await readEnvelope(this.#workspace, entry.body);
    const payload = verifyEnvelope(envelope, entry.publicKey, DSSE_PAYLOAD_TYPE);
    for (const [name, value] of Object.entries(signedFields(envelope, entry.publicKey))) {
      if (entry[name as keyof SignedEntry] !== value)
        refuse(`Its ${name} is not that of the ledger.`);
    }
    switch (entry.kind) {
      case 'pack':
        await loadCapsule(this.#workspace.store, entry.capsuleHash);
        return {};
      case 'sim-result':
        return this.#verifyEvidence(entry, index);
      case 'gate-decision':
        return verifyDecision(entry, payload);
      case 'deploy':
        return verifyDeploy(entry, payload);
    }
  }

  async #verifyEvidence(entry: EntryOf<'sim-result'>, index: number): Promise<Verified> {
    const { simId, body } = entry;
    const { bytes, problem } = await storedCapsim(this.#workspace, { simId, body, index });
    if (bytes === undefined) return refuse(problem ?? 'Its evidence is missing.');
    const report = verifyCapsim(bytes, {
      trustedKeys: this.#trusted,
      logKeys: [this.#logKey],
      requireLogKey: true,
    });
    if (report.verdict !== 'verified') return refuse(report.sentence);
    if (envelopeDigest(readCapsim(bytes).envelope) !== body) {
      return refuse('Its stored file is the evidence of another entry.');
    }
    const links = report.statement?.predicate.meshsim_evidence.links ?? [];
    return { parent: links.find(({ rel }) => rel === 'capsule-pack')?.digest.sha256 };
  }
}

function verifyDecision(entry: EntryOf<'gate-decision'>, payload: Uint8Array): Verified {
  const { subject, predicate } = read(decisionStatementSchema, payload);
  const decision = predicate.meshsim_gate;
  assertSame(
    [subject[0]?.digest.sha256, decision.capsuleHash, decision.environment],
    [entry.capsuleHash, entry.capsuleHash, entry.environment],
  );
  assertSame(
    [decision.decision, decision.evidence?.digest ?? ''],
    [entry.decision, entry.evidence ?? ''],
  );
  return { parent: entry.evidence, decision };
}

function verifyDeploy(entry: EntryOf<'deploy'>, payload: Uint8Array): Verified {
  const { subject, predicate: deploy } = read(deployStatementSchema, payload);
  assertSame(
    [subject[0]?.digest.sha256, deploy.capsuleHash, deploy.environment],
    [entry.capsuleHash, entry.capsuleHash, entry.environment],
  );
  assertSame([deploy.status, deploy.decision], [entry.status, entry.decision]);
  return { parent: entry.decision, deploy };
}

function read<T extends z.ZodMiniType>(schema: T, payload: Uint8Array): z.output<T> {
  const parsed = schema.safeParse(parseCanonical(payload, MAX_STATEMENT_BYTES));
  return parsed.success ? parsed.data : refuse('Its statement has another shape.');
}

function assertSame(said: unknown, recorded: unknown): void {
  if (Buffer.compare(canonicalBytes(said), canonicalBytes(recorded)) === 0) return;
  refuse('What was signed is not what the ledger says of it.');
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}
