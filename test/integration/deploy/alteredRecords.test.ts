import assert from 'node:assert/strict';
import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { reasonsOf } from '../../../src/model/deploy.ts';
import { rollBack } from '../../../src/studio/deploy/deployRollback.ts';
import { previewGate } from '../../../src/studio/deploy/gate.ts';
import { listProvenance } from '../../../src/studio/provenance/provenance.ts';
import { flipByte, whileFlipped } from '../../support/alterFile.ts';
import {
  ask,
  assertRefused,
  deployed,
  fresh,
  production,
  trust,
  type Deployed,
} from '../../support/deployedCapsule.ts';
import { storedFiles, type SignedKind } from '../../support/storedFiles.ts';

describe('a record that was altered', () => {
  let deploy: Deployed;
  let restore: () => Promise<void>;
  before(async () => {
    deploy = await deployed();
    restore = await deploy.world.keep();
  });
  afterEach(() => restore());
  after(() => deploy.world.dispose());

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
      target: { kind: 'directory', path: '../staging' },
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
    await assert.rejects(readFile(path.join(world.outside, '../staging/current/capsule.json')));
  });
});

describe('a rollback', () => {
  let deploy: Deployed;
  before(async () => {
    deploy = await deployed();
    const { world, capsule } = deploy;
    const target = { kind: 'directory', path: '../staging' };
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
