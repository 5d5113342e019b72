import { printable } from '../../base/visibleText.ts';
import { mebibytes } from '../../base/quantity.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import { loadCapsule } from '../../capsule/load.ts';
import type { ProvenanceRun } from '../../model/provenanceApi.ts';
import { reasonsOf } from '../../model/deploy.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import { causeOf } from '../../model/outcome.ts';
import type { EntryOf, LedgerEntry } from '../../model/ledgerEntry.ts';
import type { Plan } from '../../model/plan.ts';
import type { StatementKind } from '../../model/statementKind.ts';
import { DEPLOY, GATE_DECISION, TEST_RESULT } from '../../model/statementKinds.ts';
import type { AllowedSigner } from '../../signing/allowedSigners.ts';
import { statementIn } from '../../signing/statement.ts';
import { readEnvelope } from '../provenance/ledgerEntries.ts';
import { signerOf } from '../workspace/signers.ts';
import type { Studio } from '../studio.ts';

type Told = Pick<ProvenanceRun, 'kind' | 'title' | 'summary' | 'status' | 'upgrade'> & {
  simId?: string;
  environment?: string;
};

/** What an entry says, whether or not it can be believed. */
export type DescribedRun = Omit<ProvenanceRun, 'isProven' | 'problem'>;

/** Tells ledger entries as rows of a timeline. What it cannot read (a deleted object) it leaves out of the sentence. */
export class RunDescriber {
  readonly #studio: Studio;
  /** Leaf hash by ledger index; a broken ledger has gaps. */
  readonly #hashes: ReadonlyMap<number, string>;
  readonly #signers: readonly AllowedSigner[];
  readonly #products = new Map<string, string>();

  private constructor(
    studio: Studio,
    entries: readonly AppendedEntry[],
    signers: readonly AllowedSigner[],
  ) {
    this.#studio = studio;
    this.#hashes = new Map(entries.map(({ index, leafHash }) => [index, leafHash]));
    this.#signers = signers;
  }

  static async open(studio: Studio, entries: readonly AppendedEntry[]): Promise<RunDescriber> {
    return new RunDescriber(studio, entries, await studio.workspace.allowedSigners());
  }

  async describe({ index, leafHash, entry }: AppendedEntry): Promise<DescribedRun> {
    const previous = this.#hashes.get(index - 1);
    const told = await this.#tell(entry);
    return {
      runId: leafHash,
      index,
      at: entry.at,
      capsuleHash: entry.capsuleHash,
      product: await this.#productOf(entry.capsuleHash),
      ...(previous === undefined ? {} : { previous }),
      ...('publicKey' in entry
        ? { signer: signerOf(entry.publicKey, this.#signers, Date.parse(entry.at)) }
        : {}),
      ...told,
      // Records of earlier releases hold reasons with characters that nobody sees.
      summary: printable(told.summary),
    };
  }

  async #tell(entry: LedgerEntry): Promise<Told> {
    switch (entry.kind) {
      case 'pack':
        return {
          kind: 'pack',
          title: `Pack ${entry.capsuleHash.slice(0, 7)}`,
          summary: `${plural(entry.services, 'service')}, ${mebibytes(entry.bytes)}${entry.dirty ? ', dirty tree' : ''}`,
          status: 'packed',
        };
      case 'sim-started':
        return this.#tellStarted(entry);
      case 'sim-result':
        return this.#tellResult(entry);
      case 'gate-decision':
        return this.#tellDecision(entry);
      case 'deploy':
        return this.#tellDeploy(entry);
    }
  }

  async #tellStarted({ simId }: EntryOf<'sim-started'>): Promise<Told> {
    const { simulations } = this.#studio;
    const isHere = simulations.isRunning(simId);
    const isRunning = isHere || (await simulations.isRunningAnywhere(simId));
    const where = isHere ? '' : 'runs in another process, ';
    return {
      kind: 'simulation',
      simId,
      title: 'Mesh-sim',
      summary: isRunning ? `${where}signed when the run ends` : 'started, never sealed',
      status: isRunning ? 'running' : 'unfinished',
    };
  }

  async #tellResult(entry: EntryOf<'sim-result'>): Promise<Told> {
    const evidence = await this.#evidenceOf(entry.body);
    return {
      kind: 'simulation',
      simId: entry.simId,
      title: evidence === undefined ? 'Mesh-sim' : titleOf(evidence.plan),
      summary: evidence === undefined ? 'its evidence is missing' : outcomeOf(evidence),
      status: entry.outcome,
      ...(evidence === undefined ? {} : upgradeOf(evidence)),
    };
  }

  async #tellDecision(entry: EntryOf<'gate-decision'>): Promise<Told> {
    const statement = await this.#statementOf(entry.body, GATE_DECISION);
    const gate = statement?.predicate.meshsim_gate;
    const [first = 'its statement is missing', ...others] =
      gate === undefined ? [] : reasonsOf(gate);
    const more = others.length === 0 ? '' : ` (and ${plural(others.length, 'more reason')})`;
    const isAllowed = entry.decision === 'allow';
    return {
      kind: 'gate-decision',
      environment: entry.environment,
      title: `Gate of ${entry.environment}`,
      summary:
        gate?.breakGlass === undefined
          ? isAllowed
            ? 'every rule holds'
            : `${first}${more}`
          : gate.breakGlass.reason,
      status: isAllowed ? 'allowed' : 'refused',
      ...(gate?.breakGlass === undefined ? {} : { isBreakGlass: true }),
    };
  }

  async #tellDeploy(entry: EntryOf<'deploy'>): Promise<Told> {
    const statement = await this.#statementOf(entry.body, DEPLOY);
    const hasFailed = entry.status === 'failed';
    return {
      kind: 'deploy',
      environment: entry.environment,
      title: `${entry.status === 'rolled-back' ? 'Rollback of' : 'Deploy to'} ${entry.environment}`,
      summary: hasFailed ? (statement?.predicate.cause ?? 'it failed') : 'active and healthy',
      status: hasFailed ? 'fail' : 'deployed',
    };
  }

  async #evidenceOf(body: string): Promise<EvidenceExtension | undefined> {
    const statement = await this.#statementOf(body, TEST_RESULT);
    return statement?.predicate.meshsim_evidence;
  }

  /** For showing only: whether its signature holds, and whether the entry says the same, is the row's proof to say. */
  async #statementOf<T>(body: string, kind: StatementKind<T>): Promise<T | undefined> {
    try {
      const { payload } = await readEnvelope(this.#studio.workspace, body);
      return statementIn({ kind, bytes: Buffer.from(payload, 'base64') }).statement;
    } catch {
      return undefined;
    }
  }

  async #productOf(capsuleHash: string): Promise<string> {
    const known = this.#products.get(capsuleHash);
    if (known !== undefined) return known;
    const product = await loadCapsule(this.#studio.workspace.store, capsuleHash)
      .then(({ manifest }) => manifest.name)
      .catch(() => '');
    this.#products.set(capsuleHash, product);
    return product;
  }
}

/** Nothing of a first start. */
function upgradeOf(evidence: EvidenceExtension): Pick<Told, 'upgrade'> {
  if (!('upgrade' in evidence)) return {};
  const { from, windows } = evidence.upgrade;
  const wentBack = windows.some(({ window }) => window === 'rolled-back');
  return { upgrade: { from: from.digest.sha256, wentBack } };
}

function titleOf({ params, chaos, drift, placement, upgrade, world }: Plan): string {
  const parts = [`Mesh-sim, ${params.nodes} nodes`];
  if (upgrade !== undefined) parts.push('upgrade');
  if (chaos.preset !== 'none' || chaos.faults.length > 0) parts.push('chaos');
  if (drift.length > 0) parts.push('drift');
  if (placement !== undefined) parts.push('placed services');
  if (world === 'virtual') parts.push('virtual');
  return parts.join(', ');
}

function outcomeOf({ result, invariants }: EvidenceExtension): string {
  if (result.outcome === 'fail') {
    const cause = causeOf(result.nodeReports, invariants);
    return cause === '' ? 'the run failed' : cause;
  }
  const { nodes } = result.params;
  return `READY ${nodes}/${nodes} in ${seconds(readyAfterMs(result))}`;
}

/** Milliseconds from the start of the run until the last node was healthy. */
function readyAfterMs({ nodeReports, startedAt }: EvidenceExtension['result']): number {
  const healthy = nodeReports.flatMap(({ phases }) =>
    phases.filter(({ name }) => name === 'healthy'),
  );
  return Math.max(0, ...healthy.map(({ end }) => Date.parse(end))) - Date.parse(startedAt);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
