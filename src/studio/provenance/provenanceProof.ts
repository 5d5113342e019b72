import { MeshSimError, messageOf } from '../../base/errors.ts';
import { verifyCapsim } from '../../evidence/verify.ts';
import { FilingHistory, mayRepeat } from '../../ledger/filingHistory.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { Integrity } from '../../model/provenanceApi.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { Decision, DeployRecord } from '../../model/deploy.ts';
import type { EntryOf, SignedEntry } from '../../model/ledgerEntry.ts';
import { PACK } from '../../model/packStatement.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import type { Filing } from '../../signing/filingFacts.ts';
import { leafHash } from '../../signing/merkle.ts';
import { verifiedStatement } from '../../signing/statement.ts';
import { isTrustedAt, whyUntrusted, type TrustedKey } from '../../signing/trustedKeys.ts';
import { CapsuleContent } from '../capsules/capsuleContent.ts';
import { isProven, readEnvelope, readFiling } from './ledgerEntries.ts';
import type { ReadProvenance } from './provenance.ts';
import { assertRunFiles } from '../runs/runFiles.ts';
import { storedCapsim } from '../runs/storedCapsim.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Of one signed ledger entry: whether all of it verifies now, and what it says it rests on. */
export interface Proof {
  /** Why it is unproven, one sentence; undefined: it is proven. */
  readonly problem: string | undefined;
  /** Digest of the envelope it names as its parent; undefined: it names none. */
  readonly parent?: string | undefined;
  readonly decision?: Decision;
  readonly deploy?: DeployRecord;
}

type Verified = Omit<Proof, 'problem'>;

/** Of a Capsule's content, what is read: every chunk, or the manifest alone, which takes no longer for a large product. */
type Depth = 'every-chunk' | 'manifest';

export const NOT_COVERED = 'The ledger is broken at or before it.';

/** Answers one question about the workspace as it is now; for the next question there is another. */
export class ProofReader {
  readonly #workspace: Workspace;
  readonly #trusted: readonly TrustedKey[];
  /** Undefined: there is none here, and no ledger can be verified. */
  readonly #logKey: string | undefined;
  readonly #integrity: Integrity;
  readonly #history: FilingHistory;
  readonly #depth: Depth;
  readonly #content: CapsuleContent;

  private constructor(
    workspace: Workspace,
    trusted: readonly TrustedKey[],
    logKey: string | undefined,
    provenance: ReadProvenance,
    depth: Depth,
  ) {
    this.#workspace = workspace;
    this.#trusted = trusted;
    this.#logKey = logKey;
    this.#integrity = provenance.integrity;
    this.#history = FilingHistory.of(provenance.entries);
    this.#depth = depth;
    this.#content = new CapsuleContent(workspace);
  }

  /** @param provenance the ledger and what its audit found, just now */
  static async open(
    workspace: Workspace,
    provenance: ReadProvenance,
    depth: Depth = 'every-chunk',
  ): Promise<ProofReader> {
    const trusted = keysAllowedFor(await workspace.allowedSigners(), 'mesh-sim');
    const { ledger } = await workspace.keysPresent();
    return new ProofReader(workspace, trusted, ledger?.publicKey, provenance, depth);
  }

  /** Who is believed, as one text: another text, other answers. */
  get trust(): string {
    return JSON.stringify([this.#logKey, ...this.#trusted]);
  }

  /** Every signature, digest and ledger proof of an entry, checked now. Never throws for what does not hold. */
  async prove(appended: AppendedEntry): Promise<Proof> {
    const { entry } = appended;
    if (!('body' in entry)) return { problem: 'It carries no signature.' };
    try {
      if (!(await this.isCovered(appended))) refuse(NOT_COVERED);
      const why = whyUntrusted(this.#trusted, entry.publicKey, Date.parse(entry.at));
      if (why !== undefined) refuse(`Its signer ${entry.keyid} ${why}.`);
      return { problem: undefined, ...(await this.#verify({ ...appended, entry })) };
    } catch (error) {
      return { problem: messageOf(error), parent: parentByLedger(entry) };
    }
  }

  /**
   * The Capsule of a pack: signature, manifest and, to that depth, every chunk hold, whoever signed it.
   * @throws MeshSimError saying what does not
   */
  async capsuleOf({ entry, index }: AppendedEntry & { entry: EntryOf<'pack'> }): Promise<Capsule> {
    await this.#filingOf(entry, index);
    return this.#depth === 'manifest'
      ? this.#content.described(entry.capsuleHash)
      : this.#content.verified(entry.capsuleHash);
  }

  /** Whether a trusted key signed that this very Capsule was packed, whatever has become of its content since. */
  async isVouchedFor({ body, publicKey, capsuleHash, at }: EntryOf<'pack'>): Promise<boolean> {
    if (!isTrustedAt(this.#trusted, publicKey, Date.parse(at))) return false;
    try {
      const envelope = await readEnvelope(this.#workspace, body);
      const { statement } = verifiedStatement(PACK, envelope, publicKey);
      return statement.subject[0]?.digest.sha256 === capsuleHash;
    } catch (error) {
      if (error instanceof MeshSimError) return false;
      throw error;
    }
  }

  /** An audit names the first fault it meets; of a broken ledger each entry before that is asked for its own proof. */
  async isCovered(appended: AppendedEntry): Promise<boolean> {
    const { status, verified } = this.#integrity;
    if (appended.index >= verified) return false;
    return status !== 'broken' || isProven(await this.#workspace.ledger(), appended);
  }

  async #verify({ entry, ...place }: AppendedEntry & { entry: SignedEntry }): Promise<Verified> {
    switch (entry.kind) {
      case 'pack':
        await this.capsuleOf({ entry, ...place });
        return {};
      case 'sim-result':
        await this.#filingOf(entry, place.index);
        return this.#verifyEvidence(entry, place);
      case 'gate-decision': {
        const { statement } = await this.#filingOf(entry, place.index);
        return { parent: entry.evidence, decision: statement.predicate.meshsim_gate };
      }
      case 'deploy': {
        const { statement } = await this.#filingOf(entry, place.index);
        return { parent: entry.decision, deploy: statement.predicate };
      }
    }
  }

  /** The body of an entry, which says what the entry says, and may be filed there. */
  async #filingOf<E extends SignedEntry>(entry: E, index: number): Promise<Filing<E['kind']>> {
    const { filing } = await readFiling(this.#workspace, entry);
    const filedAt = this.#history.filedAt(entry.body) ?? index;
    if (filedAt !== index && !mayRepeat(entry))
      refuse(`Entry ${filedAt} stands for the same body.`);
    const origin = await this.#origin();
    const problem = this.#history.problemWithBody(entry, filing, index, origin);
    return problem === undefined ? filing : refuse(problem);
  }

  async #origin(): Promise<string> {
    return (await this.#workspace.ledger()).origin();
  }

  async #verifyEvidence(
    { simId, body }: EntryOf<'sim-result'>,
    { index, leafHash: leaf }: Pick<AppendedEntry, 'index' | 'leafHash'>,
  ): Promise<Verified> {
    const { bytes, problem } = await storedCapsim(this.#workspace, { simId, body, index });
    if (bytes === undefined) return refuse(problem ?? 'Its evidence is missing.');
    const report = verifyCapsim(bytes, {
      trustedKeys: this.#trusted,
      logKeys: this.#logKey === undefined ? [] : [{ publicKey: this.#logKey }],
      requireLogKey: true,
    });
    if (report.verdict !== 'verified') return refuse(report.sentence);
    const { proof, statement } = report;
    if (proof === undefined || statement === undefined) return refuse(report.sentence);
    // The file's own proof names its place, so a copy of the entry at another place has no file.
    if (proof.index !== index || Buffer.from(leafHash(proof.leaf)).toString('hex') !== leaf) {
      return refuse(`Its stored file is the evidence of another entry, ${proof.index}.`);
    }
    await assertRunFiles(this.#workspace, statement);
    const { links } = statement.predicate.meshsim_evidence;
    return { parent: links.find(({ rel }) => rel === 'capsule-pack')?.digest.sha256 };
  }
}

/** What an entry names as its parent when what was signed cannot be asked. */
function parentByLedger(entry: SignedEntry): string | undefined {
  if (entry.kind === 'gate-decision') return entry.evidence;
  return entry.kind === 'deploy' ? entry.decision : undefined;
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}
