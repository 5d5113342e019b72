import assert from 'node:assert/strict';
import { createTinyProduct, HEALTHY_SERVER, type TinyProduct } from '../../support/tinyProduct.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';

const suite = process.platform === 'linux' ? describe : describe.skip;

/** Leaves a server that says on SIGTERM that it was asked, in a session, folder and environment of its own. */
const START = `setsid env -i PORT="$PORT" "$(command -v node)" "$PWD/server.mjs" & exit 0`;
const SERVER = HEALTHY_SERVER.replace(
  `process.on('SIGTERM', () => `,
  `process.chdir('/'); process.on('SIGTERM', () => console.log('asked to end') || `,
);

suite('runtime/real: daemons', () => {
  let product: TinyProduct;

  before(async () => {
    product = await createTinyProduct([
      {
        name: 'web',
        files: { 'server.mjs': SERVER },
        entry: {
          daemon: true,
          start: START,
          env: { PORT: '${port:http}', PATH: '${host.path}' },
        },
      },
    ]);
  });
  after(() => product.dispose());

  function stoppedWell({ observation, events }: RealRun): void {
    assert.equal(observation.outcome, 'pass', observation.cause);
    const left = observation.invariants.find(({ name }) => name === 'no-process-left');
    assert.equal(left?.observed, 'held', left?.details);
    const stopped = eventsOf(events, 'service').filter(({ status }) => status === 'stopped');
    assert.deepEqual(
      stopped.map(({ details }) => details),
      [undefined, undefined],
    );
    const asked = eventsOf(events, 'log').filter(({ text }) => text === 'asked to end');
    assert.equal(asked.length, 2);
  }

  it('are kept, asked for their health and asked to end, in a box', async () => {
    stoppedWell(await rehearse(product));
  });

  it('are found where there is no box, though nothing of theirs names the run', async () => {
    stoppedWell(await rehearse(product, {}, { guard: { deny: [], namespace: 'off', ports: [] } }));
  });
});
