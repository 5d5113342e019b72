import assert from 'node:assert/strict';
import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { GraphNode, ProvenanceGraph } from '../../../src/model/api.ts';
import { reasonsOf, type Decision } from '../../../src/model/deploy.ts';
import { rollBack } from '../../../src/studio/deployRollback.ts';
import { previewGate } from '../../../src/studio/gate.ts';
import { listProvenance } from '../../../src/studio/provenance.ts';
import { provenanceGraph } from '../../../src/studio/provenanceGraph.ts';
import { provenanceSvg } from '../../../src/studio/provenanceSvg.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { Workspace } from '../../../src/studio/workspace.ts';
import { flipByte, whileFlipped, whileMissing } from '../../support/alterFile.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { SIGNED_KINDS, storedFiles, type SignedKind } from '../../support/storedFiles.ts';
import { blob, HEALTHY_SERVER } from '../../support/tinyProduct.ts';

const production = {
  production: true,
  gate: { allowDegraded: true },
  target: { kind: 'directory', path: '../outside' },
};

/** Built, and of more than one chunk. */
const service = {
  name: 'web',
  files: { 'server.mjs': HEALTHY_SERVER, 'atlas.txt': blob(600_000) },
  entry: { build: ['node', '-e', "require('node:fs').writeFileSync('built.txt', 'built')"] },
};

interface Deployed {
  readonly world: DeployWorld;
  readonly capsule: string;
}

/** Packed, rehearsed for real, let in, and deployed. */
async function deployed(): Promise<Deployed> {
  const world = await createDeployWorld([service]);
  await world.describe({ production });
  const capsule = await world.pack();
  await world.rehearse(capsule);
  const { status, gate } = await world.deploy('production', capsule);
  assert.equal(status, 'deployed', reasonsOf(gate.decision).join('\n'));
  return { world, capsule };
}

/** As another process would see it: nothing remembered. */
function fresh({ workspace }: DeployWorld): Workspace {
  return new Workspace(workspace.options);
}

function trust({ world }: Deployed): Promise<ProvenanceGraph> {
  return provenanceGraph(new Studio(fresh(world)));
}

async function ask({ world, capsule }: Deployed): Promise<Decision> {
  const request = { environment: 'production', capsule };
  return (await previewGate(fresh(world), request)).decision;
}

const ORDER = ['capsule', 'evidence', 'gate-decision', 'deploy'] as const;

async function assertSound(deploy: Deployed, when: string): Promise<void> {
  const { nodes, edges, problem } = await trust(deploy);
  assert.deepEqual(nodes.map(({ kind }) => kind).reverse(), ORDER, when);
  const statuses = new Set([...nodes, ...edges].map(({ status }) => status));
  assert.deepEqual([statuses, problem], [new Set(['proven']), undefined], when);
  assert.deepEqual(reasonsOf(await ask(deploy)), [], when);
}

/** Everything from one kind on is unproven, in the drawing too; what it rests on still holds. */
async function assertUnproven(
  deploy: Deployed,
  from: GraphNode['kind'],
  reason: RegExp,
  when: string,
): Promise<void> {
  const graph = await trust(deploy);
  const unproven = ORDER.slice(ORDER.indexOf(from));
  for (const { kind, status } of graph.nodes) {
    assert.equal(status, unproven.includes(kind) ? 'unproven' : 'proven', `${when}: ${kind}`);
  }
  assert.equal(graph.nodes.length, ORDER.length, when);
  const svg = provenanceSvg(graph);
  assert.equal(svg.match(/✔ proven/g)?.length ?? 0, ORDER.length - unproven.length, when);
  await assertRefused(deploy, reason, when);
}

async function assertRefused(deploy: Deployed, reason: RegExp, when: string): Promise<void> {
  const decision = await ask(deploy);
  assert.equal(decision.decision, 'deny', when);
  assert.match(reasonsOf(decision).join('\n'), reason, when);
}

/** Of a broken ledger entries may be unreadable; none from the break on is shown as proven. */
async function assertLedgerBroken(deploy: Deployed, when: string): Promise<void> {
  const graph = await trust(deploy);
  assert.match(graph.problem ?? '', /\.$/, when);
  const first = graph.nodes.findIndex(({ status }) => status === 'proven');
  assert.ok(graph.nodes[0]?.status !== 'proven' || graph.nodes.length < ORDER.length, when);
  assert.ok(first === -1 || graph.nodes.slice(first).every(({ status }) => status === 'proven'));
  assert.match(provenanceSvg(graph), /The ledger is broken/, when);
  await assertRefused(deploy, /The ledger is broken/, when);
}

interface Expectation {
  /** The first of the chain that is unproven once it was altered. `ledger`: whatever the ledger no longer proves. */
  readonly from: GraphNode['kind'] | 'ledger';
  readonly reason: RegExp;
  /** When it is not there: `refused` as if it were altered, or `fine`, and why. */
  readonly missing: 'refused' | 'fine';
}

const EXPECTED: Readonly<Record<SignedKind, Expectation>> = {
  'pack envelope': { from: 'capsule', reason: /Capsule does not hold/, missing: 'refused' },
  manifest: { from: 'capsule', reason: /Capsule does not hold/, missing: 'refused' },
  // A copy for other programs: the manifest itself is an object.
  'plain manifest': {
    from: 'capsule',
    reason: /capsule\.json is not the manifest/,
    missing: 'fine',
  },
  chunk: { from: 'capsule', reason: /Capsule does not hold: Object/, missing: 'refused' },
  'evidence envelope': {
    from: 'evidence',
    reason: /rehearsal \w{8}, .*Object/,
    missing: 'refused',
  },
  // Made anew from the envelope and the ledger.
  capsim: { from: 'evidence', reason: /rehearsal \w{8}, ledger entry 2/, missing: 'fine' },
  // Its digest is signed; whether it is kept is the person's choice.
  events: { from: 'evidence', reason: /events .* not those that were signed/, missing: 'fine' },
  // The evidence carries the plan.
  plan: { from: 'evidence', reason: /plan\.json is not the plan/, missing: 'fine' },
  'decision envelope': {
    from: 'gate-decision',
    reason: /gate decision of production, ledger entry 3 .*Restore .*pack again/,
    missing: 'refused',
  },
  'deploy envelope': {
    from: 'deploy',
    reason: /deploy to production, ledger entry 4 .*Restore .*pack again/,
    missing: 'refused',
  },
  checkpoint: { from: 'ledger', reason: /ledger is broken/, missing: 'refused' },
  'ledger entries': { from: 'ledger', reason: /ledger is broken/, missing: 'refused' },
  'ledger hashes': { from: 'ledger', reason: /ledger is broken/, missing: 'refused' },
};

describe('what is stored of a deployed Capsule', () => {
  let deploy: Deployed;
  before(async () => (deploy = await deployed()));
  after(() => deploy.world.dispose());

  const filesOf = async (kind: SignedKind) => {
    const files = await storedFiles(deploy.world.workspace);
    const found = files.flatMap((one) => (one.kind === kind ? [one.file] : []));
    assert.notEqual(found.length, 0, `no ${kind} is stored`);
    return found;
  };
  const unless = async (kind: SignedKind, when: string) => {
    const { from, reason } = EXPECTED[kind];
    if (from === 'ledger') await assertLedgerBroken(deploy, when);
    else await assertUnproven(deploy, from, reason, when);
  };

  it('is of kinds that this test knows: say of a new one what happens when it is altered', async () => {
    const unknown = (await storedFiles(deploy.world.workspace)).filter(
      ({ kind }) => kind === undefined,
    );
    assert.deepEqual(unknown, []);
  });

  for (const kind of SIGNED_KINDS) {
    it(`is unproven from there on, and refused, while a byte of a ${kind} is another one`, async () => {
      for (const file of await filesOf(kind)) {
        const { length } = await readFile(file);
        for (const at of [0, length >> 1, -1]) {
          const when = `byte ${at} of ${file}`;
          await whileFlipped(file, at, () => unless(kind, when));
        }
        await assertSound(deploy, `${file} restored`);
      }
    });

    const { missing } = EXPECTED[kind];
    const verdict = missing === 'fine' ? 'still sound' : 'unproven, and refused,';
    it(`is ${verdict} while a ${kind} is missing`, async () => {
      for (const file of await filesOf(kind)) {
        await whileMissing(file, () =>
          missing === 'fine' ? assertSound(deploy, `no ${file}`) : unless(kind, `no ${file}`),
        );
        await assertSound(deploy, `${file} restored`);
      }
    });
  }
});

describe('what nothing rests on', () => {
  let deploy: Deployed;
  before(async () => (deploy = await deployed()));
  after(() => deploy.world.dispose());

  it('may be altered: trust, gate, rehearsal and deploy go on, and caches are made anew', async () => {
    const { world, capsule } = deploy;
    const files = (await storedFiles(world.workspace)).filter(
      ({ kind }) => !SIGNED_KINDS.some((signed) => signed === kind),
    );
    assert.deepEqual([...new Set(files.map(({ kind }) => kind))].sort(), [
      'build',
      'compiled code',
      'index',
      'lock note',
      'setting',
    ]);
    for (const { file } of files) {
      for (const at of [0, (await readFile(file)).length >> 1]) await flipByte(file, at);
    }
    const prefix = capsule.slice(0, 7);
    const request = { environment: 'production', capsule: prefix };
    assert.equal((await previewGate(fresh(world), request)).decision.decision, 'allow');
    await assertSound(deploy, 'all caches altered');
    const { observation } = await world.rehearse(capsule);
    assert.equal(observation.outcome, 'pass');
    assert.equal((await world.deploy('production', prefix)).status, 'unchanged');
    const built = files.find(({ file }) => path.basename(file) === 'built.txt');
    assert.equal(await readFile(built?.file ?? '', 'utf8'), 'built');
  });
});

describe('a record that was altered', () => {
  let deploy: Deployed;
  beforeEach(async () => (deploy = await deployed()));
  afterEach(() => deploy.world.dispose());

  const alter = async (kind: SignedKind) => {
    const file = (await storedFiles(deploy.world.workspace)).find((one) => one.kind === kind);
    await flipByte(file?.file ?? '', 40);
  };

  it('is no more a reason once the Capsule was packed again, and stays visible', async () => {
    await alter('decision envelope');
    await assertRefused(deploy, /gate decision of production, ledger entry 3/, 'altered');
    assert.equal(await deploy.world.pack(), deploy.capsule);
    assert.deepEqual(reasonsOf(await ask(deploy)), []);
    const { nodes } = await trust(deploy);
    const shown = nodes.filter(({ status }) => status === 'unproven').map(({ kind }) => kind);
    assert.deepEqual(shown, ['deploy', 'gate-decision']);
  });

  it('needs a new rehearsal too, where it was the rehearsal', async () => {
    const { world, capsule } = deploy;
    await alter('events');
    assert.equal(await world.pack(), capsule);
    await assertRefused(deploy, /stored evidence does not hold: The events/, 'packed again');
    await world.rehearse(capsule);
    assert.deepEqual(reasonsOf(await ask(deploy)), []);
  });

  it('is mended by packing again, where it was the Capsule', async () => {
    for (const kind of ['pack envelope', 'manifest', 'plain manifest', 'chunk'] as const) {
      await alter(kind);
      await assertRefused(deploy, /Capsule does not hold/, kind);
      await deploy.world.pack();
      assert.deepEqual(reasonsOf(await ask(deploy)), [], kind);
      const { nodes } = await trust(deploy);
      assert.ok(nodes.every(({ status }) => status === 'proven'));
    }
  });

  it('keeps a deploy from happening, which no broken glass changes', async () => {
    const { world, capsule } = deploy;
    const staging = {
      gate: { allowDegraded: true, allowBreakGlass: true },
      target: { kind: 'directory', path: '../outside/staging' },
    };
    await world.describe({ production, staging });
    await alter('deploy envelope');
    const { status } = await world.deploy('staging', capsule);
    assert.equal(status, 'refused');
    const breakGlass = 'the shop is down, 4711';
    const { decision } = await previewGate(fresh(world), {
      environment: 'staging',
      capsule,
      breakGlass,
    });
    assert.match(reasonsOf(decision).join('\n'), /not for a sound Capsule/);
    await assert.rejects(readFile(path.join(world.outside, 'staging/current/capsule.json')));
  });
});

describe('a rollback', () => {
  let deploy: Deployed;
  before(async () => {
    deploy = await deployed();
    const { world, capsule } = deploy;
    const target = { kind: 'directory', path: '../outside/staging' };
    await world.describe({ production, staging: { target } });
    await world.deploy('staging', capsule);
    const next = await world.packChange('2');
    await world.rehearse(next);
    await world.deploy('production', next);
  });
  after(() => deploy.world.dispose());

  const envelopeOf = async (kind: 'gate-decision' | 'deploy', environment: string) => {
    const { workspace } = deploy.world;
    const found = (await listProvenance(workspace)).find(
      ({ entry }) => entry.kind === kind && entry.environment === environment,
    );
    assert.ok(found !== undefined && 'body' in found.entry);
    return workspace.store.pathOf(found.entry.body);
  };
  const goBack = () =>
    rollBack(fresh(deploy.world), {
      environment: 'production',
      signal: new AbortController().signal,
      listener: deploy.world.listener,
    });
  const active = async () =>
    path.basename(await readlink(path.join(deploy.world.outside, 'current')));

  for (const kind of ['gate-decision', 'deploy'] as const) {
    it(`is refused, and names it, while the ${kind} that it goes back to is altered`, async () => {
      const before = await active();
      await whileFlipped(await envelopeOf(kind, 'production'), 40, async () => {
        await assert.rejects(goBack(), {
          code: 'gate-refused',
          message: /ledger entry \d.*Restore what is stored, go back to another Capsule/,
        });
      });
      assert.equal(await active(), before);
    });
  }

  it('is refused while the ledger is broken', async () => {
    const checkpoint = path.join(deploy.world.workspace.paths.ledger, 'checkpoint');
    await whileFlipped(checkpoint, 40, async () => {
      await assert.rejects(goBack(), { code: 'gate-refused', message: /^The ledger is broken: / });
    });
  });

  it('is not kept from happening by a record it does not rest on', async () => {
    await whileFlipped(await envelopeOf('gate-decision', 'staging'), 40, async () => {
      const { record } = await goBack();
      assert.equal(record.status, 'rolled-back');
    });
    assert.equal(await active(), deploy.capsule);
  });
});
