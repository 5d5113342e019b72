import assert from 'node:assert/strict';
import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import { evidenceOf, evidenceOfRun } from '../../../src/studio/runs/evidenceView.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { simulateMesh } from '../../../src/studio/runs/simulateMesh.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { createHarborPay, type HarborPay } from '../../support/harborPay.ts';
import { workspaceIn } from '../../support/workspace.ts';

const NEVER = new AbortController().signal;

describe('evidence as the page is shown it', () => {
  let harbor: HarborPay;
  let workspace: Workspace;
  let capsuleHash: string;

  beforeEach(async () => {
    harbor = await createHarborPay();
    workspace = await workspaceIn(harbor.folder);
    const { registryFile } = harbor;
    const packed = await packWorkspace(workspace, {
      registryFile,
      allowDirty: false,
      signal: NEVER,
    });
    capsuleHash = packed.capsule.capsuleHash;
  });
  afterEach(() => harbor.dispose());

  async function simulated(): Promise<string> {
    const plan = parsePlan({ capsuleHash, world: 'virtual', params: { nodes: 3 } }, 'plan');
    const { simId } = await simulateMesh(workspace, {
      plan,
      keepRuns: false,
      concurrent: false,
      signal: NEVER,
      onEvent: () => undefined,
    });
    return simId;
  }

  const step = (
    { steps }: { steps: { name: string; status: string; sentence: string }[] },
    name: string,
  ) => steps.find((one) => one.name === name);

  it('offers the events of a run only while they are those that were signed', async () => {
    const simId = await simulated();
    const { events } = runPaths(workspace.paths, simId);
    assert.equal((await evidenceOfRun(workspace, simId)).hasEvents, true);

    await appendFile(events, '{"seq":9999}\n');
    const altered = await evidenceOfRun(workspace, simId);
    assert.equal(altered.verdict, 'verified', 'the signed digest itself still holds');
    assert.equal(altered.hasEvents, false);
    assert.equal(step(altered, 'events')?.status, 'failed');
    assert.match(
      step(altered, 'events')?.sentence ?? '',
      /[0-9a-f]{64} is signed, [0-9a-f]{64} was/,
    );

    await rm(events);
    const gone = await evidenceOfRun(workspace, simId);
    assert.equal(gone.hasEvents, false);
    assert.equal(step(gone, 'events')?.status, 'skipped');
  });

  it('compares with the last passing run of the same Capsule before it', async () => {
    const first = await simulated();
    const second = await simulated();
    assert.equal((await evidenceOfRun(workspace, first)).baseline, undefined);
    const { baseline } = await evidenceOfRun(workspace, second);
    assert.equal(baseline?.simId, first);
    assert.deepEqual(baseline.indicators, []);
    assert.equal(baseline.network.links.length, 6);
  });

  it("shows nothing of another run's genuine file that lies in a run's folder", async () => {
    const [first, second] = [await simulated(), await simulated()];
    await copyFile(
      runPaths(workspace.paths, second).capsim,
      runPaths(workspace.paths, first).capsim,
    );
    const evidence = await evidenceOfRun(workspace, first);
    assert.equal(evidence.verdict, 'invalid');
    assert.equal(evidence.statement, undefined);
    assert.equal(evidence.hasEvents, false);
    assert.equal(step(evidence, 'recorded')?.status, 'failed');
    assert.notEqual(evidence.difference?.expected, evidence.difference?.found);
  });

  it('says of an altered file what the ledger recorded and what it holds, wherever the file lies', async () => {
    const simId = await simulated();
    const { capsim } = runPaths(workspace.paths, simId);
    const genuine = (await readFile(capsim)).toString();
    const bundle = JSON.parse(genuine) as { dsseEnvelope: { payload: string } };
    const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
    const altered = Buffer.from(statement.replace('"outcome":"pass"', '"outcome":"fail"'));
    assert.notEqual(altered.toString(), statement);
    const file = Buffer.from(
      genuine.replace(bundle.dsseEnvelope.payload, altered.toString('base64')),
    );
    await writeFile(capsim, file);
    for (const evidence of [
      await evidenceOfRun(workspace, simId),
      await evidenceOf(workspace, file),
    ]) {
      assert.equal(evidence.verdict, 'invalid');
      assert.equal(step(evidence, 'signature')?.status, 'failed');
      assert.match(evidence.difference?.expected ?? '', /^[0-9a-f]{64}$/);
      assert.notEqual(evidence.difference?.found, evidence.difference?.expected);
    }
  });

  it('compares a file of garbage with nothing', async () => {
    await simulated();
    const evidence = await evidenceOf(workspace, Buffer.from('{"dsseEnvelope":{"payload":7}}'));
    assert.equal(evidence.verdict, 'invalid');
    assert.equal(evidence.difference, undefined);
  });
});
