import assert from 'node:assert/strict';
import { commandOf, processIds, readProcess } from '../../../src/agent/processes/procfs.ts';
import { markOf } from '../../../src/agent/processes/runMark.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { runReal } from '../../../src/runtime/real/run.ts';
import { eventsOf, realRunOptions, rehearse, type RealRun } from '../../support/realRun.ts';
import { createTinyProduct, HEALTHY_SERVER, type TinyProduct } from '../../support/tinyProduct.ts';

/** A number no other process of this machine sleeps for: by it alone a test finds its own. */
let lastSleep = 400_000 + (process.pid % 10_000) * 10;

/** A server whose start script first leaves a daemon behind, in the way that is given for its `sleep`. */
async function daemonProduct(way: (sleep: string) => string) {
  const sleep = `sleep ${(lastSleep += 1)}`;
  const start = `#!/bin/sh\n${way(sleep)}\nexec node server.mjs\n`;
  const files = { 'server.mjs': HEALTHY_SERVER, 'start.sh': start };
  const product = await createTinyProduct([
    { name: 'web', files, entry: { start: ['/bin/sh', 'start.sh'] } },
  ]);
  return { product, sleep };
}

function sleeping(sleep: string): number[] {
  return processIds().filter(
    (pid) => commandOf(pid) === sleep && readProcess(pid)?.isOver === false,
  );
}

function leftOf({ observation }: RealRun) {
  const invariant = observation.invariants.find(({ name }) => name === 'no-process-left');
  assert.ok(invariant);
  return invariant;
}

function isOf(pid: number, node: string): boolean {
  const mark = markOf(pid);
  return typeof mark !== 'string' && mark.nodeId === node;
}

const QUIET = '</dev/null >/dev/null 2>&1';
/** Nodes without boxes: in one, nothing outlives its node. */
const ON_HOST = { guard: { deny: [], namespace: 'off', ports: [] } } as const;

describe('runtime/real: a daemon that a service leaves behind', () => {
  let made: TinyProduct | undefined;
  let asleep = '';
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  const daemon = async (way: (sleep: string) => string) => {
    const { product, sleep } = await daemonProduct(way);
    [made, asleep] = [product, sleep];
    return product;
  };
  afterEach(async () => {
    for (const pid of sleeping(asleep)) process.kill(pid, 'SIGKILL');
    await made?.dispose();
  });

  const ways: [string, (sleep: string) => string, Parameters<typeof rehearse>[2]?][] = [
    ['in a session of its own at /', (sleep) => `(cd / && exec setsid -f ${sleep} ${QUIET})`],
    [
      'in a session of its own at /, after two forks',
      (sleep) => `(cd / && setsid sh -c '(setsid ${sleep} ${QUIET} &) &' ${QUIET} &)`,
    ],
    [
      'without its environment, while its parent lives',
      (sleep) =>
        `(cd / && exec env -i PATH="$PATH" setsid sh -c '${sleep} ${QUIET} & wait' ${QUIET}) &`,
    ],
    ['in its folder', (sleep) => `env -i PATH="$PATH" setsid -f ${sleep} ${QUIET}`],
  ];
  for (const [how, way] of ways) {
    it(`is found, named and ended: ${how}`, async () => {
      const run = await rehearse(await daemon(way), {}, ON_HOST);
      assert.equal(run.observation.outcome, 'fail');
      const { observed, details } = leftOf(run);
      assert.equal(observed, 'violated');
      assert.ok(details.includes(`"${asleep}"`), details);
      assert.match(details, /of service "web" on n0/);
      assert.match(details, /^\d+ processes outlived the run/);
      assert.deepEqual(sleeping(asleep), []);
    });
  }

  it('ends with the box of its node, whatever it has left, and fails nothing', async function () {
    const product = await daemon(
      (sleep) => `(cd / && exec env -i PATH="$PATH" setsid -f setsid -f ${sleep} ${QUIET})`,
    );
    const run = await rehearse(product);
    assert.deepEqual(sleeping(asleep), []);
    if (run.observation.environment.isolation !== 'full') this.skip();
    assert.equal(run.observation.outcome, 'pass', run.observation.cause);
    assert.match(leftOf(run).details, /in a process namespace of their node/);
  });

  it('is told of by the service that stopped, and by then it is gone', async () => {
    const product = await daemon((sleep) => `(cd / && exec setsid -f ${sleep} ${QUIET})`);
    let running: number[] | undefined;
    const sink = (event: MeshEvent) => {
      if (event.type === 'service' && event.status === 'stopped' && event.nodeId === 'n0') {
        running = sleeping(asleep).filter((pid) => isOf(pid, 'n0'));
      }
    };
    const { events } = await rehearse(product, {}, { sink });
    const stopped = eventsOf(events, 'service').filter(({ status }) => status === 'stopped');
    assert.equal(stopped.length, 2);
    for (const { details } of stopped) assert.ok(details?.includes(asleep), details);
    assert.deepEqual(running, []);
  });

  it('ends with its node when chaos kills that, and fails nothing', async () => {
    const product = await daemon(
      (sleep) =>
        `case "$MESH_SIM_RUN" in */n1/*) (cd / && exec setsid -f ${sleep} ${QUIET});; esac`,
    );
    const when = { node: 'n1', phase: 'healthy', progress: 1 } as const;
    const faults = [{ when, do: { kill: 'n1' } }];
    const run = await rehearse(product, { chaos: { faults } });
    assert.equal(
      eventsOf(run.events, 'node').filter(({ status }) => status === 'crashed').length,
      1,
    );
    assert.deepEqual(sleeping(asleep), []);
    assert.equal(leftOf(run).observed, 'held', leftOf(run).details);
  });

  it('ends when the run is cancelled', async () => {
    const product = await daemon((sleep) => `(cd / && exec setsid -f ${sleep} ${QUIET})`);
    const cancel = new AbortController();
    const options = realRunOptions(
      product,
      {},
      {
        signal: cancel.signal,
        sink: (event) => {
          if (event.type === 'service' && event.status === 'healthy') cancel.abort();
        },
      },
    );
    await assert.rejects(runReal(options), { code: 'interrupted' });
    assert.deepEqual(sleeping(asleep), []);
  });

  it('does not take a run for dirty whose services end after their launcher does', async () => {
    const product = await daemon(() => `node server.mjs & exec sleep 100000`);
    const run = await rehearse(product, {}, ON_HOST);
    assert.equal(leftOf(run).observed, 'held', leftOf(run).details);
    assert.equal(run.observation.environment.isolation, 'none');
    assert.match(leftOf(run).details, /looked by folder, environment, group, session, descent/);
  });
});
