import * as z from 'zod/mini';
import type { Evidence } from '../../model/api.ts';
import { simIdSchema } from '../../model/names.ts';
import { sha256Hex } from '../../signing/digest.ts';
import { entryAt } from '../provenance/ledgerEntries.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Only what is needed to find the run; nothing of it is believed. */
const fileSchema = z.object({ dsseEnvelope: z.object({ payload: z.base64() }) });
const payloadSchema = z.object({
  predicate: z.object({
    meshsim_evidence: z.object({ result: z.object({ simId: simIdSchema }) }),
  }),
});

/**
 * What the ledger recorded for a run against what a file that does not verify holds. The file is unverified: its simId only
 * says which entry to compare with, so the worst a forged one does is to be compared with another run.
 * @param knownSimId the run the file belongs to, where that is known without reading it
 */
export async function differenceFrom(
  workspace: Workspace,
  capsim: Uint8Array,
  knownSimId: string | undefined,
): Promise<Evidence['difference']> {
  const payload = payloadIn(capsim);
  if (payload === undefined || !workspace.hasLedger()) return undefined;
  const simId = knownSimId ?? simIdIn(payload);
  if (simId === undefined) return undefined;
  try {
    const rows = (await workspace.index()).rowsOfRun(simId);
    const row = rows.find(({ kind }) => kind === 'sim-result');
    if (row === undefined) return undefined;
    const { entry } = await entryAt(workspace, row, 'sim-result');
    const found = sha256Hex(payload);
    return found === entry.payload ? undefined : { expected: entry.payload, found };
  } catch {
    // A ledger that cannot be read has its own banner; there is nothing to compare with.
    return undefined;
  }
}

function payloadIn(capsim: Uint8Array): Uint8Array | undefined {
  const file = fileSchema.safeParse(parsed(capsim));
  return file.success ? Buffer.from(file.data.dsseEnvelope.payload, 'base64') : undefined;
}

function simIdIn(payload: Uint8Array): string | undefined {
  const statement = payloadSchema.safeParse(parsed(payload));
  return statement.data?.predicate.meshsim_evidence.result.simId;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
