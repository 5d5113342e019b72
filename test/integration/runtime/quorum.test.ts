import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { findProgram } from '../../../src/agent/services/program.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
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
});
