import type * as z from 'zod/mini';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { readCapsim } from '../evidence/capsim.ts';
import { verifyCapsim } from '../evidence/verify.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import type { Integrity } from '../model/provenanceApi.ts';
import type { Capsule } from '../model/capsule.ts';
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
import { CapsuleContent } from './capsuleContent.ts';
import { isProven, readEnvelope, type EntryOf } from './ledgerEntries.ts';
import { assertRunFiles } from './runFiles.ts';
import { storedCapsim } from './storedCapsim.ts';
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

/** Of a Capsule's content, what is read: every chunk, or the manifest alone, which takes no longer for a large product. */
type Depth = 'every-chunk' | 'manifest';

export const NOT_COVERED = 'The ledger is broken at or before it.';

const MAX_STATEMENT_BYTES = 8 * 1024 * 1024;

/** Answers one question about the workspace as it is now; for the next question there is another. */
export class ProofReader {
  readonly #workspace: Workspace;
  readonly #trusted: readonly string[];
  readonly #logKey: string;
  readonly #integrity: Integrity;
  readonly #depth: Depth;
  readonly #content: CapsuleContent;

  private constructor(
    workspace: Workspace,
    trusted: readonly string[],
    logKey: string,
    integrity: Integrity,
    depth: Depth,
  ) {
    this.#workspace = workspace;
    this.#trusted = trusted;
    this.#logKey = logKey;
    this.#integrity = integrity;
    this.#depth = depth;
    this.#content = new CapsuleContent(workspace);
  }

  /** @param integrity what the audit of the ledger found, just now */
  static async open(
    workspace: Workspace,
    integrity: Integrity,
    depth: Depth = 'every-chunk',
  ): Promise<ProofReader> {
    const trusted = keysAllowedFor(await workspace.allowedSigners(), 'mesh-sim');
    const { ledger } = await workspace.keyring();
    return new ProofReader(workspace, trusted, ledger.publicKey, integrity, depth);
  }

  /** Who is believed, as one text: another text, other answers. */
  get trust(): string {
    return [this.#logKey, ...this.#trusted].join();
  }

  /** Every signature, digest and ledger proof of an entry, checked now. Never throws for what does not hold. */
  async prove(appended: AppendedEntry): Promise<Proof> {
    const { entry, index } = appended;
    if (!('body' in entry)) return { problem: 'It carries no signature.' };
    try {
      if (!(await this.isCovered(appended))) refuse(NOT_COVERED);
      if (!this.#trusted.includes(entry.publicKey)) {
        refuse(`Its signer ${entry.keyid} is not trusted here.`);
      }
      return { problem: undefined, ...(await this.#verify(entry, index)) };
    } catch (error) {
      return { problem: messageOf(error), parent: parentByLedger(entry) };
    }
  }

  /**
   * The Capsule of a pack: signature, manifest and, to that depth, every chunk hold, whoever signed it.
   * @throws MeshSimError saying what does not
   */
  async capsuleOf(pack: EntryOf<'pack'>): Promise<Capsule> {
    await this.#signedPayload(pack);
    return this.#depth === 'manifest'
      ? this.#content.described(pack.capsuleHash)
      : this.#content.verified(pack.capsuleHash);
  }

  /** An audit names the first fault it meets; of a broken ledger each entry before that is asked for its own proof. */
  async isCovered(appended: AppendedEntry): Promise<boolean> {
    const { status, verified } = this.#integrity;
    if (appended.index >= verified) return false;
    return status !== 'broken' || isProven(await this.#workspace.ledger(), appended);
  }

  async #verify(entry: SignedEntry, index: number): Promise<Verified> {
    switch (entry.kind) {
      case 'pack':
        await this.capsuleOf(entry);
        return {};
      case 'sim-result':
        await this.#signedPayload(entry);
        return this.#verifyEvidence(entry, index);
      case 'gate-decision':
        return verifyDecision(entry, await this.#signedPayload(entry));
      case 'deploy':
        return verifyDeploy(entry, await this.#signedPayload(entry));
    }
  }

  async #signedPayload(entry: SignedEntry): Promise<Uint8Array> {
    const envelope = await readEnvelope(this.#workspace, entry.body);
    const payload = verifyEnvelope(envelope, entry.publicKey, DSSE_PAYLOAD_TYPE);
    for (const [name, value] of Object.entries(signedFields(envelope, entry.publicKey))) {
      if (entry[name as keyof SignedEntry] !== value) {
        refuse(`Its ${name} is not that of the ledger.`);
      }
    }
    return payload;
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
    if (report.statement === undefined) return refuse(report.sentence);
    await assertRunFiles(this.#workspace, report.statement);
    const { links } = report.statement.predicate.meshsim_evidence;
    return { parent: links.find(({ rel }) => rel === 'capsule-pack')?.digest.sha256 };
  }
}

/** What an entry names as its parent when what was signed cannot be asked. */
function parentByLedger(entry: SignedEntry): string | undefined {
  if (entry.kind === 'gate-decision') return entry.evidence;
  return entry.kind === 'deploy' ? entry.decision : undefined;
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
