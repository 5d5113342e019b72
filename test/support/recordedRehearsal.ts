import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/base/clock.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { findCapsule } from '../../src/studio/capsules/findCapsule.ts';
import { recordResult, type RecordedRun } from '../../src/studio/runs/recordResult.ts';
import { Workspace } from '../../src/studio/workspace/workspace.ts';
import { Redactor } from '../../src/vault/redactor.ts';
import { DIST } from './commandLine.ts';
import { observationOf } from './observation.ts';

const MINUTE_MS = 60_000;

export interface RehearsedWorkspace {
  readonly folder: string;
  /** With the keys that signed the Capsule. */
  readonly configFolder: string;
}

/**
 * A rehearsal of a minute ago as a machine with nothing else to do would have observed it, sealed and recorded by the product
 * itself. It meets the strict gate whatever else runs here, which a real one does only while this machine keeps its timing.
 */
export async function recordRehearsal(
  { folder, configFolder }: RehearsedWorkspace,
  capsuleHash: string,
  { degraded = false } = {},
): Promise<RecordedRun> {
  const workspace = new Workspace({
    folder,
    configFolder,
    bundleFolder: DIST,
    environment: {},
    clock: systemClock,
    product: 'mesh-sim-studio test',
  });
  const signed = await findCapsule(workspace, capsuleHash);
  const observation = observationOf({
    degraded,
    simId: randomUUID(),
    capsuleHash: signed.capsule.capsuleHash,
    startedMs: Date.now() - MINUTE_MS,
    plan: {
      params: { nodes: 3, latencyMs: [80, 200], packetLoss: 1 },
      chaos: { preset: 'crash-mid-deploy' },
    },
  });
  const ledger = await workspace.ledgerToAppend();
  await ledger.append({
    v: 1,
    kind: 'sim-started',
    at: workspace.now(),
    capsuleHash: signed.capsule.capsuleHash,
    simId: observation.simId,
    planDigest: sha256Hex(canonicalBytes(observation.plan)),
  });
  return recordResult(workspace, { observation, signed, redactor: new Redactor(new Map()) });
}
