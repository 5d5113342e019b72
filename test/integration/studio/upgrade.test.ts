import assert from 'node:assert/strict';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planSchema, type Plan } from '../../../src/model/plan.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { evidenceOf } from '../../../src/studio/runs/evidenceView.ts';
import { inspectPlan } from '../../../src/studio/runs/inspectPlan.ts';
import { simulateMesh } from '../../../src/studio/runs/simulateMesh.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { commitAll } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';
import { workspaceIn } from '../../support/workspace.ts';

describe('the upgrade of a packed product', () => {
  let product: TinyProduct;
  let workspace: Workspace;
  let old: string;
  let newer: string;
  /** Of another product, packed here as well. */
  let other: string;

  async function pack(): Promise<string> {
    await commitAll(product.repo);
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const { signal } = new AbortController();
    const { capsule } = await packWorkspace(workspace, {
      ...{ registryFile, allowDirty: false, signal },
    });
    return capsule.capsuleHash;
  }

  before(async () => {
    product = await createTinyProduct([healthyService()], { '.gitignore': '.meshsim\n' });
    workspace = await workspaceIn(product.repo);
    old = await pack();
    await appendFile(path.join(product.repo, 'web/server.mjs'), '// Newer.\n');
    newer = await pack();
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const registry = JSON.parse(await readFile(registryFile, 'utf8')) as object;
    await writeFile(registryFile, JSON.stringify({ ...registry, name: 'other' }));
    other = await pack();
  });
  after(() => product.dispose());

  function planOf(from: string, more: Partial<Plan> = {}): Plan {
    const strategy = { kind: 'all-at-once' } as const;
    return planSchema.parse({
      capsuleHash: newer,
      world: 'virtual',
      params: { nodes: 2 },
      upgrade: { from, strategy, workloadMs: 100 },
      ...more,
    });
  }

  async function simulate(plan: Plan) {
    const { signal } = new AbortController();
    const request = { plan, keepRuns: false, concurrent: false, signal };
    return simulateMesh(workspace, { ...request, onEvent: () => undefined });
  }

  /** What the editor underlines, and with which code. */
  async function markedIn(plan: object): Promise<[string, string][]> {
    const text = JSON.stringify(plan);
    const problems = await inspectPlan(text, workspace);
    return problems.map(({ code, offset, length }) => [code, text.slice(offset, offset + length)]);
  }

  it('is rehearsed in virtual time, and sealed with the pack it starts from', async () => {
    const { simId, observation, recorded, virtual } = await simulate(planOf(old));
    assert.equal(observation.outcome, 'pass');
    assert.equal(observation.upgrade?.outcome, 'completed');
    assert.equal(observation.upgrade.from, old);
    const evidence = await evidenceOf(workspace, recorded?.capsim ?? new Uint8Array(), simId);
    assert.equal(evidence.verdict, 'verified', evidence.sentence);
    const from = evidence.steps.find(({ name }) => name === 'from');
    assert.match(from?.sentence ?? '', new RegExp(`^Upgraded from ${old}, packed`));
    assert.equal(virtual?.ready, 2);
    const entries = await (await workspace.ledger()).entries();
    const ofRun = entries.filter(({ entry }) => 'simId' in entry && entry.simId === simId);
    assert.deepEqual(
      ofRun.map(({ entry }) => entry.kind),
      ['sim-started', 'sim-result'],
    );
  });

  it('starts from a Capsule that is packed here, and of the same product', async () => {
    const entries = async () => (await (await workspace.ledger()).entries()).length;
    const count = await entries();
    const unknown = simulate(planOf('4'.repeat(64)));
    assert.match(await sentenceOf('capsule-unknown', unknown), /^No Capsule "4444/);
    assert.match(
      await sentenceOf('plan-invalid', simulate(planOf(other))),
      /^The upgrade of this plan starts from Capsule \w{12} of "other", but \w{12} is of "tiny": name one of the same product\.$/,
    );
    assert.equal(await entries(), count);
  });

  it('starts no service of either Capsule that is told of a production host', async () => {
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const environmentsFile = path.join(product.repo, 'mesh.environments.json');
    const asItWas = await readFile(registryFile, 'utf8');
    const target = { kind: 'directory', path: '../release' };
    const production = { production: true, endpoints: ['*.shop.example'], target };
    const registry = JSON.parse(asItWas) as { services: { env: object }[] };
    for (const service of registry.services) {
      service.env = { ...service.env, DB: 'https://db.shop.example' };
    }
    await writeFile(registryFile, JSON.stringify({ ...registry, name: 'tiny' }));
    const exposed = await pack();
    await writeFile(environmentsFile, JSON.stringify({ environments: { production } }));
    try {
      const sentence = await sentenceOf(
        'production-endpoint',
        simulate(planOf(exposed, { world: 'real' })),
      );
      assert.match(sentence, /the value of web\.DB names a host of production/);
    } finally {
      await rm(environmentsFile);
      await writeFile(registryFile, asItWas);
    }
  });

  it('is looked at in the editor: what it starts from is underlined', async () => {
    assert.deepEqual(await markedIn(planOf(old)), []);
    assert.deepEqual(await markedIn(planOf(other)), [['plan-invalid', `"${other}"`]]);
    const unknown = '4'.repeat(64);
    assert.deepEqual(await markedIn(planOf(unknown)), [['capsule-unknown', `"${unknown}"`]]);
    assert.deepEqual(await markedIn({ ...planOf(old), capsuleHash: old }), [
      ['plan-invalid', `"${old}"`],
    ]);
  });
});
