import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { asPlainNode } from '../../src/agent/services/program.ts';
import { processesInside } from '../support/processesInside.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import { planSchema, type PlanInput } from '../../src/model/plan.ts';
import type { Studio } from '../../src/studio/studio.ts';
import { runPaths } from '../../src/studio/workspace/workspacePaths.ts';
import { DIST } from '../support/commandLine.ts';
import { extension } from './suite/window.ts';

const execute = promisify(execFile);
const TWO_NODES = { params: { nodes: 2, latencyMs: [1, 5] } } satisfies Partial<PlanInput>;

async function packedProduct(): Promise<{ studio: Studio; capsuleHash: string }> {
  const studio = await (await extension().activate()).studio();
  await vscode.commands.executeCommand('meshSim.packCapsule');
  const [capsuleHash] = (await studio.workspace.index()).capsuleHashes('');
  assert.ok(capsuleHash, 'nothing was packed');
  return { studio, capsuleHash };
}

/** Runs a script in the process the editor's extensions get as Node.js. */
async function nodeChild(...args: string[]): Promise<string> {
  const env = { ...process.env, ...asPlainNode() };
  return (await execute(process.execPath, args, { env })).stdout;
}

async function untilServiceIsHealthy(studio: Studio, simId: string): Promise<void> {
  const buffer = await studio.simulations.events(simId);
  const never = new AbortController().signal;
  while (!buffer.snapshot().events.some(isHealthyService)) {
    assert.equal(buffer.end, undefined, 'the run ended before a service was healthy');
    await buffer.changed(never);
  }
}

function isHealthyService(event: MeshEvent): boolean {
  return event.type === 'service' && event.status === 'healthy';
}

describe('host: simulation', () => {
  it('gives child processes a plain Node.js', async () => {
    assert.match(await nodeChild('-p', 'process.version'), /^v\d+\./);
  });

  it('packs, rehearses on two real nodes, and seals evidence that is verified offline', async () => {
    const { studio, capsuleHash } = await packedProduct();
    const plan = planSchema.parse({ capsuleHash, ...TWO_NODES });
    const { simId, nodeIds } = await studio.simulations.start(plan);
    assert.deepEqual(nodeIds, ['n0', 'n1']);
    const end = await studio.simulations.finished(simId);
    assert.equal(end.outcome, 'pass', end.sentence);
    const { capsim, folder } = runPaths(studio.workspace.paths, simId);
    assert.deepEqual(processesInside(folder), []);
    const verifier = path.join(DIST, 'verifySim.cjs');
    const answer = await nodeChild(verifier, '--file', capsim, '--json');
    assert.equal((JSON.parse(answer) as { verdict: string }).verdict, 'verified');
  });

  it('cancels a run by its command and leaves no process', async () => {
    const { studio, capsuleHash } = await packedProduct();
    const plan = planSchema.parse({ capsuleHash, ...TWO_NODES });
    const { simId } = await studio.simulations.start(plan);
    const { folder } = runPaths(studio.workspace.paths, simId);
    await untilServiceIsHealthy(studio, simId);
    assert.notDeepEqual(processesInside(folder), []);
    await vscode.commands.executeCommand('meshSim.cancelSimulation');
    assert.equal((await studio.simulations.finished(simId)).outcome, 'cancelled');
    assert.deepEqual(processesInside(folder), []);
  });
});
