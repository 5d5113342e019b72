import { stat } from 'node:fs/promises';
import { systemCode } from '../base/errors.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { NOT_COVERED, type ProofReader } from './provenanceProof.ts';
import type { Workspace } from './workspace.ts';
import { plainManifest, runPaths } from './workspacePaths.ts';

interface Check {
  /** State of all that was read for it. */
  readonly stamp: string;
  readonly problem: string | undefined;
}

/**
 * Whether what entries of the ledger stand for still verifies, for lists that are drawn again and again. An answer is kept
 * while none of its files has another size, change time or place on the disk: enough against damage and careless hands. The
 * gate and the chain of trust ask a `ProofReader` each time.
 */
export class RecordChecks {
  readonly #workspace: Workspace;
  /** By leaf hash. */
  readonly #kept = new Map<string, Check>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** One sentence; undefined: it holds, or nothing but the ledger speaks of it. */
  async problemOf(appended: AppendedEntry, reader: ProofReader): Promise<string | undefined> {
    if (!(await reader.isCovered(appended))) return NOT_COVERED;
    if (!('body' in appended.entry)) return undefined;
    const files = this.#filesOf(appended.entry);
    const stamp = [reader.trust, ...(await Promise.all(files.map(stateOf)))].join('\n');
    const kept = this.#kept.get(appended.leafHash);
    if (kept?.stamp === stamp) return kept.problem;
    const { problem } = await reader.prove(appended);
    this.#kept.set(appended.leafHash, { stamp, problem });
    return problem;
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
