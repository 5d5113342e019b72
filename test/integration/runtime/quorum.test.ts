import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { findProgram } from '../../../src/agent/services/program.ts';
import { sealRun } from '../../../src/evidence/seal.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { signingKeyOf } from '../../../src/signing/keys.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { createExampleProduct, type TinyProduct } from '../../support/tinyProduct.ts';

const lacks = ['etcd', 'python3'].filter(
  (program) => findProgram(program, '/', process.env.PATH ?? '') === undefined,
);
const suite = lacks.length === 0 && wireHindrance() === undefined ? describe : describe.skip;

suite('examples/quorum (needs a TUN device, etcd and python3)', () => {
  let product: TinyProduct;
  let run: RealRun;

  before(async () => {
    product = await createExampleProduct('quorum');
    const file = path.join(product.repo, 'leader-cut-off.plan.json');
    const plan = JSON.parse(await readFile(file, 'utf8')) as Partial<PlanInput>;
    run = await rehearse(product, plan);
  });
  after(() => product.dispose());

  it('comes through while one member after the other is cut off, whoever leads', () => {
    const { observation, events } = run;
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(eventsOf(events, 'fault').filter(({ status }) => status === 'healed').length, 3);
    assert.ok((observation.network.services?.unreachable ?? 0) > 0, 'members missed each other');
    assert.deepEqual(
      observation.ran?.map(({ services }) => services),
      [['etcd'], ['etcd'], ['etcd'], ['ledger'], ['front']],
    );
  });

  it('says which etcd of the machine ran on which node, and seals it', async () => {
    const { observation, options } = run;
    const { programs = [], invariants } = observation;
    const file = findProgram('etcd', '/', process.env.PATH ?? '') ?? '';
    const sha256 = sha256Hex(await readFile(file));
    const [version] = programs.flatMap((one) => one.version ?? []);
    assert.match(version ?? '', /^\d+\.\d+\.\d+$/);
    assert.deepEqual(
      programs,
      ['n0', 'n1', 'n2'].map((nodeId) => ({
        ...{ nodeId, service: 'etcd', path: file, version, sha256 },
      })),
    );
    assert.match(
      invariants.find(({ name }) => name === 'runs-signed-content')?.details ?? '',
      /^All 2 nodes that ran packed services ran exactly the signed content, .* Of etcd, run by programs of the machine, nothing is signed but what is required/,
    );
    const { capsule, packEnvelope } = options;
    const key = signingKeyOf(new Uint8Array(32).fill(7));
    sealRun({ observation, capsuleHash: capsule.capsuleHash, packEnvelope, key });
  });

  it('lets nothing of etcd drift', async () => {
    await sentenceOf('plan-invalid', product.driftedAt('etcd', '../README.md', 'another')).then(
      (sentence) => assert.match(sentence, /"etcd" cannot drift: it is a program of the machine/),
    );
  });
});
