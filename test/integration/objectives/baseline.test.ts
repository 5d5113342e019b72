import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Objective } from '../../../src/model/objective.ts';
import { pinBaseline, pinnedBaseline, unpinBaseline } from '../../../src/studio/runs/baseline.ts';
import { evidenceOfRun } from '../../../src/studio/runs/evidenceView.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { simulateMesh } from '../../../src/studio/runs/simulateMesh.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { commitAll } from '../../support/harborPay.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';
import { withoutBoxes, workspaceIn } from '../../support/workspace.ts';

const NEVER = new AbortController().signal;
const OBJECTIVES: Objective[] = [
  { name: 'quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 10_000 },
];
const SLOW_SERVER = `
import { createServer } from 'node:http';
createServer((_, response) => setTimeout(() => response.end('ok'), 400)).listen(
  Number(process.env.PORT),
  '0.0.0.0',
);
process.on('SIGTERM', () => process.exit(0));
`;

describe('the baseline of a run', () => {
  let product: TinyRepository;
  let workspace: Workspace;

  beforeEach(async () => {
    product = await createTinyRepository([healthyService('web', { objectives: OBJECTIVES })]);
    workspace = await workspaceIn(product.repo);
    await withoutBoxes(product.repo);
  });
  afterEach(() => product.dispose());

  async function packed(): Promise<string> {
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const { capsule } = await packWorkspace(workspace, {
      registryFile,
      allowDirty: false,
      signal: NEVER,
    });
    return capsule.capsuleHash;
  }

  async function run(plan: Record<string, unknown>) {
    const params = { nodes: 2, latencyMs: [1, 5] };
    return simulateMesh(workspace, {
      plan: parsePlan({ params, ...plan }, 'plan'),
      keepRuns: false,
      concurrent: false,
      signal: NEVER,
      onEvent: () => undefined,
    });
  }

  const simulated = async (capsuleHash: string) =>
    (await run({ capsuleHash, world: 'virtual' })).simId;

  async function packedSlow(): Promise<string> {
    await writeFile(path.join(product.repo, 'web/server.mjs'), SLOW_SERVER);
    await commitAll(product.repo);
    return packed();
  }

  const baselineOf = async (simId: string) => (await evidenceOfRun(workspace, simId)).baseline;

  it('is the last passing run of the product, so that a slower Capsule is found out, and fails where its plan asks for that', async () => {
    const first = await run({ capsuleHash: await packed(), failOnRegression: true });
    const unjudged = first.observation.invariants.find(({ name }) => name === 'no-regression');
    const { outcome } = first.observation;
    assert.deepEqual([unjudged?.observed, outcome], ['not-observed', 'pass'], 'there was none yet');

    const slow = await run({ capsuleHash: await packedSlow(), failOnRegression: true });
    const baseline = await baselineOf(slow.simId);
    assert.equal(baseline?.simId, first.simId);
    const [comparison] = baseline.comparisons;
    assert.equal(comparison?.name, 'web: quick');
    // On a machine that is too busy to emulate the network nothing is concluded, and that is said.
    if (comparison.verdict === 'inconclusive') assert.match(comparison.sentence, /too busy/);
    else assert.equal(comparison.verdict, 'fail', comparison.sentence);
    const isWorse = comparison.verdict === 'fail';
    const judged = slow.observation.invariants.find(({ name }) => name === 'no-regression');
    assert.equal(judged?.observed, isWorse ? 'violated' : 'held');
    assert.equal(slow.observation.outcome, isWorse ? 'fail' : 'pass');
    assert.ok(judged.details.includes(first.simId), judged.details);

    await appendFile(runPaths(workspace.paths, first.simId).events, '\n');
    const unsigned = await baselineOf(slow.simId);
    assert.equal(unsigned?.comparisons[0]?.verdict, 'inconclusive');
  });

  it('that is pinned and cannot be found keeps a run from being judged against another', async () => {
    const capsuleHash = await packed();
    const plan = { capsuleHash, failOnRegression: true };
    for (const pin of ['junk', '{"simId":"00000000-0000-4000-8000-000000000000"}']) {
      await writeFile(workspace.paths.baseline, pin);
      await assert.rejects(run(plan), { code: 'run-unknown', message: /baseline unpin/ });
    }
    const { observation } = await run({ capsuleHash, world: 'virtual' });
    assert.equal(observation.outcome, 'pass', 'others are not held up');
  });

  it('can be pinned, and only to a run that passed', async () => {
    const capsuleHash = await packed();
    const first = await simulated(capsuleHash);
    const second = await simulated(capsuleHash);
    const third = await simulated(capsuleHash);
    assert.equal((await baselineOf(third))?.simId, second);

    await pinBaseline(workspace, first);
    assert.equal(await pinnedBaseline(workspace), first);
    const baseline = await baselineOf(third);
    assert.deepEqual([baseline?.simId, baseline?.isPinned], [first, true]);
    assert.equal(await baselineOf(first), undefined, 'no run is its own baseline');

    await unpinBaseline(workspace);
    assert.equal((await baselineOf(third))?.simId, second);
    await assert.rejects(() => pinBaseline(workspace, '00000000-0000-4000-8000-000000000000'), {
      code: 'run-unknown',
    });
  });
});
