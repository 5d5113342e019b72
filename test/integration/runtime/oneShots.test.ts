import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/model/plan.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';

/** A registry entry of a program that ends. */
function oneShot(entry: object = {}) {
  return {
    ...{ once: true, health: { deadlineMs: 15_000 }, start: ['node', 'migrate.mjs'] },
    ...{ ports: {}, env: {}, ...entry },
  };
}

describe('runtime/real: one-shot services', () => {
  const products: TinyProduct[] = [];
  after(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  async function productOf(code: string, entry: object = {}): Promise<TinyProduct> {
    const product = await createTinyProduct([
      { name: 'migrate', files: { 'migrate.mjs': code }, entry: oneShot(entry) },
      healthyService('web', { dependsOn: ['migrate'] }),
    ]);
    products.push(product);
    return product;
  }

  describe('that do their work', () => {
    let ran: RealRun;

    before(async function () {
      this.timeout(120_000);
      const product = await productOf(`
        import { spawn } from 'node:child_process';
        spawn('sleep', ['300'], { stdio: 'ignore' }).unref();
        console.log('migrated');
      `);
      const chaos: PlanInput['chaos'] = {
        faults: [
          {
            when: { node: 'n1', phase: 'healthy', progress: 1 },
            do: { kill: 'n1', restartAfterMs: 50 },
          },
        ],
      };
      ran = await rehearse(product, { chaos });
    });

    it('are done before what depends on them starts, and run again when their node does', () => {
      const statuses = eventsOf(ran.events, 'service').map(
        ({ nodeId, service, status }) => `${nodeId} ${service} ${status}`,
      );
      for (const node of ['n0', 'n1']) {
        const done = statuses.indexOf(`${node} migrate done`);
        assert.ok(done >= 0 && done < statuses.indexOf(`${node} web starting`), statuses.join());
      }
      assert.equal(statuses.filter((one) => one === 'n1 migrate done').length, 2);
    });

    it('have neither exited nor stopped, and are not asked for their health', () => {
      const said = eventsOf(ran.events, 'service').filter(({ service }) => service === 'migrate');
      assert.deepEqual([...new Set(said.map(({ status }) => status))], ['starting', 'done']);
      const { outcome, invariants, ran: places } = ran.observation;
      assert.equal(outcome, 'pass', ran.observation.cause);
      assert.deepEqual(places?.[0]?.services, ['migrate', 'web']);
      const converged = invariants.find(({ name }) => name === 'converged')?.details ?? '';
      assert.match(converged, /each of their 2 services passed its health check, /);
      assert.match(converged, /; their 2 one-shot services had exited with code 0 before\.$/);
    });

    it('leave nothing behind', () => {
      const left = ran.observation.invariants.find(({ name }) => name === 'no-process-left');
      assert.equal(left?.observed, 'held', left?.details);
    });
  });

  it('fail their node with the code and the error, or when they take too long', async function () {
    this.timeout(120_000);
    const product = await productOf(
      `if (process.env.NODE === 'n0') throw new Error('no such table'); else setInterval(() => {}, 9);`,
      { env: { NODE: '\${node.id}' }, health: { deadlineMs: 3_000 } },
    );
    const { observation } = await rehearse(product, {});
    const endOf = (node: number) => observation.nodeReports[node]?.phases.at(-1)?.details ?? '';
    assert.match(endOf(0), /"migrate" on n0 exited with code 1: .* It said: Error: no such table$/);
    assert.match(endOf(1), /"migrate" on n1 had not exited 3000 ms after its start\.$/);
  });
});
