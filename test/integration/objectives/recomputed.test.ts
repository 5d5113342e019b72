import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { loadCapsule } from '../../../src/capsule/load.ts';
import { eventSchema } from '../../../src/model/events.ts';
import type { Objective } from '../../../src/model/objective.ts';
import { objectivesOf, ServiceMeasures } from '../../../src/model/serviceMeasures.ts';
import { evidenceOfRun } from '../../../src/studio/runs/evidenceView.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { signedMeasures } from '../../../src/studio/runs/signedMeasures.ts';
import { simulateMesh } from '../../../src/studio/runs/simulateMesh.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';
import { withoutBoxes, workspaceIn } from '../../support/workspace.ts';

const QUICK = { metric: 'latency-p95-ms', comparator: '<=', threshold: 10_000 } as const;
const OBJECTIVES: Objective[] = [
  { ...QUICK, name: 'quick for others', measuredBy: 'probes' },
  { ...QUICK, name: 'quick for its own', measuredBy: 'calls' },
  { ...QUICK, name: 'starts', metric: 'time-to-healthy-ms', threshold: 60_000 },
];
/** Asks the service `api` whenever it is asked how it is. */
const CALLER = `
import { createServer, get } from 'node:http';
createServer((_, response) => {
  get(process.env.API, (answer) => answer.resume().on('end', () => response.end('ok')))
    .on('error', () => response.destroy());
}).listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

describe('indicators of sealed evidence', () => {
  let product: TinyProduct;
  let workspace: Workspace;

  beforeEach(async () => {
    const env = { PORT: '${port:http}', API: 'http://127.0.0.1:${service:api.http}/' };
    const objectives = [{ ...QUICK, name: 'asked' }];
    product = await createTinyProduct([
      healthyService('api', { objectives: OBJECTIVES }),
      { name: 'web', files: { 'server.mjs': CALLER }, entry: { env, objectives } },
    ]);
    workspace = await workspaceIn(product.repo);
    await withoutBoxes(product.repo);
  });
  afterEach(() => product.dispose());

  it('follow from the signed events, for probes and calls alike, and from no others', async () => {
    const { signal } = new AbortController();
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const { capsule } = await packWorkspace(workspace, { registryFile, allowDirty: false, signal });
    const { capsuleHash } = capsule;
    const params = { nodes: 2, latencyMs: [1, 5] };
    const { simId } = await simulateMesh(workspace, {
      plan: parsePlan({ capsuleHash, params, failOnObjectives: true }, 'plan'),
      keepRuns: false,
      concurrent: false,
      signal,
      onEvent: () => undefined,
    });
    const { statement, verdict } = await evidenceOfRun(workspace, simId);
    assert.equal(verdict, 'verified');
    const evidence = statement?.predicate.meshsim_evidence;
    assert.ok(evidence !== undefined);
    assert.equal(evidence.result.outcome, 'pass');
    assert.deepEqual(
      evidence.indicators.map(({ name, measuredBy }) => [name, measuredBy]),
      [
        ['api: quick for others', 'probes'],
        ['api: quick for its own', 'calls'],
        ['api: starts', undefined],
        ['web: asked', 'probes'],
      ],
    );

    // As somebody would who has nothing but the Capsule and the events.
    const file = runPaths(workspace.paths, simId).events;
    const text = await readFile(file, 'utf8');
    const { manifest } = await loadCapsule(workspace.store, capsuleHash);
    const measures = new ServiceMeasures(manifest.services.map(({ name }) => name));
    for (const line of text.trimEnd().split('\n')) {
      measures.apply(eventSchema.parse(JSON.parse(line)));
    }
    const recomputed = objectivesOf(manifest.services).map((one) => measures.indicator(one));
    assert.deepEqual(recomputed, evidence.indicators);
    const samples = await signedMeasures(workspace, evidence);
    assert.deepEqual(
      evidence.indicators.map((indicator) => samples?.(indicator).length),
      evidence.indicators.map(({ sampleSize }) => sampleSize),
    );

    const altered = text.replaceAll(',"by":"calls"', '');
    assert.ok(altered !== text);
    await writeFile(file, altered);
    assert.equal(await signedMeasures(workspace, evidence), undefined);
    const { steps } = await evidenceOfRun(workspace, simId);
    assert.equal(steps.find(({ name }) => name === 'events')?.status, 'failed');
  });
});
