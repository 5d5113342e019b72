import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GraphNode, ProvenanceGraph } from '../../../src/model/provenanceApi.ts';
import { reasonsOf } from '../../../src/model/deploy.ts';
import { ALLOWED_SIGNERS_FILE } from '../../../src/signing/signersFile.ts';
import { passGate } from '../../../src/studio/deploy/gate.ts';
import { listProvenance } from '../../../src/studio/provenance/provenance.ts';
import { provenanceGraph } from '../../../src/studio/provenance/provenanceGraph.ts';
import { provenanceSvg } from '../../../src/studio/provenance/provenanceSvg.ts';
import { treeRows } from '../../../src/studio/provenance/provenanceText.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { ask, deployed, production, trust, type Deployed } from '../../support/deployedCapsule.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { HEALTHY_SERVER } from '../../support/tinyProduct.ts';

const statuses = ({ nodes }: ProvenanceGraph) =>
  Object.fromEntries(nodes.map(({ kind, status }) => [kind, status])) as Partial<
    Record<GraphNode['kind'], GraphNode['status']>
  >;

describe('the chain of trust', () => {
  let chain: Deployed;
  let restore: () => Promise<void>;
  before(async () => {
    chain = await deployed();
    restore = await chain.world.keep();
  });
  afterEach(() => restore());
  after(() => chain.world.dispose());

  it('leads from the Capsule over evidence and decision to the deploy, every step proven', async () => {
    const graph = await trust(chain);
    assert.deepEqual(statuses(graph), {
      capsule: 'proven',
      evidence: 'proven',
      'gate-decision': 'proven',
      deploy: 'proven',
    });
    assert.deepEqual(
      graph.edges.map(({ status }) => status),
      ['proven', 'proven', 'proven'],
    );
    const rows = treeRows(graph).map(({ branch, node }) => `${branch}${node.kind}`);
    assert.deepEqual(rows, ['capsule', '└─ evidence', '   └─ gate-decision', '      └─ deploy']);
    const svg = provenanceSvg(graph);
    assert.equal(svg.match(/<path /g)?.length, 3);
    assert.equal(svg.match(/✔ proven/g)?.length, 4);
    assert.equal((await ask(chain)).decision, 'allow');
  });

  it('is unproven, and refused, when its signer is trusted no more', async () => {
    const { configFolder } = chain.world.workspace.options;
    await writeFile(path.join(configFolder, ALLOWED_SIGNERS_FILE), '');
    const found = statuses(await trust(chain));
    assert.deepEqual(new Set(Object.values(found)), new Set(['unproven']));
    const decision = await ask(chain);
    const rules = decision.rules
      .filter(({ status }) => status === 'failed')
      .map(({ rule }) => rule);
    assert.deepEqual(rules, ['capsule-signed', 'records-intact', 'signer-trusted']);
  });

  it('refuses once a newer rehearsal was started and not sealed', async () => {
    const { workspace } = chain.world;
    const ledger = await workspace.ledgerToAppend();
    await ledger.append({
      v: 1,
      kind: 'sim-started',
      at: workspace.now(),
      capsuleHash: chain.capsule,
      simId: '11111111-2222-4333-8444-555555555555',
      planDigest: 'a'.repeat(64),
    });
    assert.match(reasonsOf(await ask(chain)).join(), /11111111.*not sealed/);
  });

  it('believes a clock only that is not behind the ledger, also after it recorded so', async () => {
    const { options } = chain.world.workspace;
    const late = { ...options.clock, wall: () => options.clock.wall() - 3_600_000 };
    const workspace = new Workspace({ ...options, clock: late });
    const request = { environment: 'production', capsule: chain.capsule };
    for (const time of ['first', 'second']) {
      const { decision } = await passGate(workspace, request);
      assert.match(reasonsOf(decision).join(), /set back/, time);
    }
  });

  it('shows a refusal with the rule that failed, beside the evidence it judged', async () => {
    await chain.world.describe({
      production: { ...production, gate: { minNodes: 9, allowDegraded: true } },
    });
    const { status } = await chain.world.deploy('production', chain.capsule);
    assert.equal(status, 'refused');
    const graph = await trust(chain);
    const refused = graph.nodes.find((node) => node.status === 'refused');
    assert.deepEqual(
      refused?.rules?.flatMap(({ rule, status }) => (status === 'failed' ? [rule] : [])),
      ['enough-nodes'],
    );
    const edge = graph.edges.find(({ to }) => to === refused.id);
    const from = graph.nodes.find(({ id }) => id === edge?.from);
    assert.ok(edge !== undefined && from !== undefined);
    assert.deepEqual([edge.status, from.kind], ['refused', 'evidence']);
  });

  it('pages, and still shows the pack of a result that is older than the page', async () => {
    const studio = new Studio(chain.world.workspace);
    const newest = await provenanceGraph(studio, { limit: 1 });
    assert.deepEqual(
      newest.nodes.map(({ kind }) => kind),
      ['deploy', 'gate-decision', 'evidence', 'capsule'],
    );
    assert.ok(newest.next !== undefined);
    const older = await provenanceGraph(studio, { limit: 1, before: newest.next });
    assert.equal(older.nodes[0]?.kind, 'gate-decision');
    const nothing = await provenanceGraph(studio, { capsuleHash: 'f'.repeat(64) });
    assert.deepEqual([nothing.nodes, nothing.edges], [[], []]);
  });
});

describe('a simulation', () => {
  let world: DeployWorld;
  beforeEach(async () => {
    world = await createDeployWorld([
      {
        name: 'web',
        files: { 'server.mjs': '' },
        entry: {
          env: {
            PORT: '${port:http}',
            DB: 'postgres://db.shop.example/x',
            QUEUE: '10.20.0.7:5672',
            OK: 'http://127.0.0.1:1',
          },
        },
      },
    ]);
  });
  afterEach(() => world.dispose());

  it('is not started when a value names a host of production, and says which service and variable', async () => {
    await world.describe({
      production: { ...production, endpoints: ['*.shop.example'] },
      elsewhere: {
        ...production,
        endpoints: ['10.20.0.0/16'],
        target: { kind: 'command', run: 'true' },
      },
    });
    const capsule = await world.pack();
    const refused = await world.rehearse(capsule).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.match(
      String(refused),
      /must not reach production: the value of web\.DB names a host of production \("\*\.shop\.example"\); the value of web\.QUEUE names a host of elsewhere \("10\.20/,
    );
    assert.doesNotMatch(String(refused), /postgres/);
    const kinds = (await listProvenance(world.workspace)).map(({ entry }) => entry.kind);
    assert.deepEqual(kinds, ['pack']);
  });

  it('fails when a service reaches for a host of production that no value named', async () => {
    const reaching = await createDeployWorld([
      {
        name: 'web',
        files: {
          'server.mjs': `${HEALTHY_SERVER}fetch('http://' + ['db', 'shop', 'example'].join('.')).catch(() => undefined);`,
        },
      },
    ]);
    try {
      await reaching.describe({ production: { ...production, endpoints: ['*.shop.example'] } });
      const plan = { params: { nodes: 2, latencyMs: [1, 5] as [number, number] }, chaos: {} };
      const { observation } = await reaching.rehearse(await reaching.pack(), plan);
      assert.equal(observation.outcome, 'fail');
      assert.match(observation.cause ?? '', /db\.shop\.example/);
    } finally {
      await reaching.dispose();
    }
  });

  it('may name hosts of other environments', async () => {
    const staging = { ...production, production: false, endpoints: ['*.shop.example'] };
    await world.describe({ staging });
    const { observation } = await world.rehearse(await world.pack(), { world: 'virtual' });
    assert.equal(observation.outcome, 'pass');
  });
});
