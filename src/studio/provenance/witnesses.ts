import path from 'node:path';
import { cosignedIn } from '../../ledger/cosigned.ts';
import { fileCosigned, witness, type Witnessed } from '../../ledger/witness.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import { parseCheckpoint } from '../../signing/checkpoint.ts';
import { loadOrCreateKey } from '../../signing/keyFile.ts';
import { WITNESS_KEY_FILE } from '../../signing/keyring.ts';
import type { SigningKey } from '../../signing/keys.ts';
import { fingerprint } from '../../signing/publicKey.ts';
import { isTrustedAt } from '../../signing/trustedKeys.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Somebody who has seen the ledger: what it had then cannot be taken out unnoticed. */
export interface WitnessedUntil {
  readonly keyid: string;
  /** Its principal in the user's allowed_signers, with the namespace mesh-sim-witness; left out: it has no line that counts. */
  readonly name?: string;
  /** Entries. */
  readonly size: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Who has cosigned the workspace's ledger, and up to where. What is no cosigned checkpoint is the audit's to say. */
export async function witnessesOf(workspace: Workspace): Promise<WitnessedUntil[]> {
  const signers = await workspace.allowedSigners();
  const keys = keysAllowedFor(signers, 'mesh-sim-witness');
  return (await cosignedIn(workspace.paths.ledger)).flatMap((seen) => {
    if ('problem' in seen) return [];
    const { size } = parseCheckpoint(seen.checkpoint);
    return seen.cosignatures.map(({ publicKey, time }) => {
      const known = signers.find((signer) => signer.publicKey === publicKey);
      const isTrusted = isTrustedAt(keys, publicKey, time * 1_000);
      return {
        ...{ keyid: fingerprint(publicKey), size, at: new Date(time * 1_000).toISOString() },
        ...(known === undefined || !isTrusted ? {} : { name: known.principal }),
      };
    });
  });
}

export interface CosignedLedger extends Witnessed {
  readonly key: SigningKey;
  /** Where it was put; undefined: nowhere. */
  readonly file: string | undefined;
}

/**
 * Cosigns the ledger of somebody's workspace, or of a copy of it, as this user. @param isFiled put it beside the ledger
 * @throws MeshSimError `ledger-broken`, `signature-invalid`, `ledger-locked`, `disk-failed`, or of the key
 */
export async function cosignLedger(
  workspace: Workspace,
  isFiled: boolean,
): Promise<CosignedLedger> {
  const { configFolder } = workspace.options;
  const folder = workspace.paths.ledger;
  const key = await loadOrCreateKey(path.join(configFolder, WITNESS_KEY_FILE));
  const memory = path.join(configFolder, 'witnessed');
  const seen = await witness({ folder, key, memory, now: workspace.clock.wall() });
  const file = isFiled ? await fileCosigned(folder, key, seen.note) : undefined;
  return { ...seen, key, file };
}
