import { stat } from 'node:fs/promises';
import { systemCode } from '../../base/errors.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { LedgerEntry } from '../../model/ledgerEntry.ts';
import type { Prover } from './provenanceChain.ts';
import type { Proof, ProofReader } from './provenanceProof.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { plainManifest, runPaths } from '../workspace/workspacePaths.ts';

interface KeptProof {
  /** State of all that was read for it. */
  readonly stamp: string;
  readonly proof: Proof;
}

/**
 * Proofs for lists that are drawn again and again. One is kept while none of the files it was read from has another size,
 * change time or place on the disk: enough against damage and careless hands. The gate and the chain of trust ask a
 * `ProofReader` each time.
 */
export class KeptProofs {
  readonly #workspace: Workspace;
  /** By leaf hash. */
  readonly #kept = new Map<string, KeptProof>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Asks the reader for what is not kept. */
  before(reader: ProofReader): Prover {
    return { prove: (appended) => this.#prove(appended, reader) };
  }

  async #prove(appended: AppendedEntry, reader: ProofReader): Promise<Proof> {
    const { entry, leafHash } = appended;
    // Neither depends on files alone.
    if (!('body' in entry) || !(await reader.isCovered(appended))) return reader.prove(appended);
    const files = this.#filesOf(entry);
    const stamp = [reader.trust, ...(await Promise.all(files.map(stateOf)))].join('\n');
    const kept = this.#kept.get(leafHash);
    if (kept?.stamp === stamp) return kept.proof;
    const proof = await reader.prove(appended);
    this.#kept.set(leafHash, { stamp, proof });
    return proof;
  }

  #filesOf(entry: Extract<LedgerEntry, { body: string }>): string[] {
    const { store, paths } = this.#workspace;
    const envelope = store.pathOf(entry.body);
    if (entry.kind === 'pack') {
      const { capsuleHash } = entry;
      return [envelope, store.pathOf(capsuleHash), plainManifest(paths, capsuleHash)];
    }
    if (entry.kind !== 'sim-result') return [envelope];
    const { capsim, events, plan } = runPaths(paths, entry.simId);
    return [envelope, capsim, events, plan];
  }
}

/** Taken before a file is read, so that a change while it is read is seen the next time. */
async function stateOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join();
  } catch (error) {
    return systemCode(error) ?? 'unknown';
  }
}
