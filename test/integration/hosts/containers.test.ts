import assert from 'node:assert/strict';
import type { HostSpec } from '../../../src/model/hosts.ts';
import { startDocker, noDocker } from '../../support/dockerHost.ts';
import type { Engine } from '../../support/engineImage.ts';
import { noPodman, setUpPodman } from '../../support/podmanHost.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { rehearse } from '../../support/realRun.ts';
import { sweepOf } from '../../support/sweep.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

const ENGINES = [
  { kind: 'docker', hindrance: noDocker, start: startDocker },
  { kind: 'podman', hindrance: noPodman, start: setUpPodman },
] as const;

/** Takes memory without end, and answers nobody. */
const HUNGRY = {
  'server.mjs': 'const held = []; setInterval(() => held.push(Buffer.alloc(2e7, 1)), 1);',
};

for (const { kind, hindrance, start } of ENGINES) {
  const suite = hindrance === undefined ? describe : describe.skip;
  const skipped = hindrance === undefined ? '' : ` (skipped: ${hindrance})`;
  suite(`nodes in containers of a real ${kind}${skipped}`, () => {
    let product: TinyProduct;
    let engine: Engine;
    before(async function () {
      product = await createTinyProduct([healthyService()]);
      const started = await start();
      // In many containers, no engine may start.
      if (started === undefined) this.skip();
      else engine = started;
    });
    after(async () => {
      await (engine as Engine | undefined)?.stop();
      await product.dispose();
    });

    const box = (more: object = {}): HostSpec => ({
      ...{ kind, image: engine.image, node: '/node', memory: '512m', secrets: false },
      ...more,
    });
    const environment = () => ({ ...process.env, ...engine.environment });

    it('get the Capsule, run it in a box with a wire, begin again after a kill, and leave no container', async () => {
      const { observation, options } = await rehearse(
        product,
        {
          params: { nodes: 2, latencyMs: [10, 20] },
          hosts: { n1: 'box' },
          chaos: {
            faults: [
              { when: { node: 'n1', phase: 'start' }, do: { kill: 'n1', restartAfterMs: 50 } },
            ],
          },
        },
        { hosts: { box: box() }, hostEnvironment: environment() },
      );
      assert.equal(observation.outcome, 'pass', observation.cause);
      assert.equal(observation.recovery[1]?.crashes, 1);
      assert.deepEqual(
        observation.hosts?.map(({ nodeId, kind, identity }) => [nodeId, kind, identity]),
        [['n1', kind, undefined]],
      );
      assert.deepEqual(await engine.containers(`mesh-sim.run=${options.simId}`), []);
    });

    it('have a disk that can be filled', async () => {
      const fill = { fillDisk: 'n1', leaveBytes: 0, forMs: 200 };
      const faults = [
        { when: { node: 'n1', phase: 'healthy' as const, progress: 1 as const }, do: fill },
      ];
      const { observation, options } = await rehearse(
        product,
        { params: { nodes: 2, latencyMs: [10, 20] }, hosts: { n1: 'box' }, chaos: { faults } },
        { hosts: { box: box() }, hostEnvironment: environment() },
      );
      assert.equal(observation.outcome, 'pass', observation.cause);
      const [report] = observation.faults;
      assert.ok(report?.effect === 'fillDisk' && 'filled' in report, JSON.stringify(report));
      assert.ok(report.filled > 0);
      assert.equal(report.leastFree, 0);
      assert.deepEqual(await engine.containers(`mesh-sim.run=${options.simId}`), []);
    });

    // Each engine takes ten seconds to show what the kernel does.
    if (sweepOf(2, kind === 'docker' ? 1 : 0) > 0) {
      it('say that the limit of their memory ended a service', async () => {
        const hungry = await createTinyProduct([{ ...healthyService(), files: HUNGRY }]);
        try {
          const { observation } = await rehearse(
            hungry,
            { hosts: { n1: 'box' }, placement: { web: ['n1'] } },
            { hosts: { box: box({ memory: '96m' }) }, hostEnvironment: environment() },
          );
          assert.equal(
            observation.cause,
            'Service "web" on n1 was ended by SIGKILL (the limit of memory there is 96.0 MiB) before it was healthy.',
          );
        } finally {
          await hungry.dispose();
        }
      });
    }

    it('are refused in one sentence where their image has no Node.js', async () => {
      const sentence = await sentenceOf(
        'host-failed',
        rehearse(
          product,
          { hosts: { n1: 'box' } },
          { hosts: { box: box({ node: '/nowhere/node' }) }, hostEnvironment: environment() },
        ),
      );
      assert.match(
        sentence,
        /^box (has no program "\/nowhere\/node" \(.*\): install Node\.js|cannot be reached: podman .* see that its image has "\/nowhere\/node")/,
      );
    });
  });
}
