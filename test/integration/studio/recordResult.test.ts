import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { parsePlan } from '../../../src/studio/planFile.ts';
import { packWorkspace } from '../../../src/studio/packCapsule.ts';
import { readRecorded, recordResult } from '../../../src/studio/recordResult.ts';
import { findRun, verifyEvidence } from '../../../src/studio/runs.ts';
import { simulateMesh, type FinishedSimulation } from '../../../src/studio/simulateMesh.ts';
import type { Workspace } from '../../../src/studio/workspace.ts';
import { createHarborPay, type HarborPay } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { workspaceIn } from '../../support/workspace.ts';

const NEVER = new AbortController().signal;

describe('recording a run', () => {
  let harbor: HarborPay;
  let workspace: Workspace;

  beforeEach(async () => {
    harbor = await createHarborPay();
    workspace = await workspaceIn(harbor.folder);
  });
  afterEach(() => harbor.dispose());

  async function simulated(signal = NEVER): Promise<FinishedSimulation> {
    const { registryFile } = harbor;
    const { capsule } = await packWorkspace(workspace, {
      registryFile,
      allowDirty: false,
      signal: NEVER,
    });
    const { capsuleHash } = capsule;
    const plan = parsePlan({ capsuleHash, world: 'virtual', params: { nodes: 3 } }, 'plan');
    return simulateMesh(workspace, {
      plan,
      keepRuns: false,
      concurrent: false,
      signal,
      onEvent: () => undefined,
    });
  }

  it('twice gives the same artifact and one entry', async () => {
    const { observation, signed, recorded } = await simulated();
    const entries = await (await workspace.ledger()).size();
    const again = await recordResult(workspace, { observation, signed });
    assert.deepEqual(Buffer.from(again.capsim), Buffer.from(recorded?.capsim ?? []));
    assert.equal(await (await workspace.ledger()).size(), entries);
  });

  it('survives a crash after the ledger entry and before the file', async () => {
    const { simId, recorded } = await simulated();
    const file = recorded?.capsimFile ?? '';
    await rm(file);
    const rebuilt = await readRecorded(workspace, simId);
    assert.equal((await verifyEvidence(workspace, await readFile(file))).verdict, 'verified');
    assert.deepEqual(Buffer.from(rebuilt?.capsim ?? []), Buffer.from(recorded?.capsim ?? []));
  });

  it('is not done for a run that was interrupted, and the ledger shows that it was started', async () => {
    const aborted = AbortSignal.abort(new Error('stop'));
    await assert.rejects(simulated(aborted));
    const ledger = await workspace.ledger();
    const started = (await ledger.entries()).find(({ entry }) => entry.kind === 'sim-started');
    assert.ok(started?.entry.kind === 'sim-started');
    await sentenceOf('run-unfinished', findRun(workspace, started.entry.simId));
  });
});
