import assert from 'node:assert/strict';
import { commandOf, processIds, readProcess } from '../../../src/agent/processes/procfs.ts';
import { markOf } from '../../../src/agent/processes/runMark.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { runReal } from '../../../src/runtime/real/run.ts';
import { eventsOf, realRunOptions, rehearse, type RealRun } from '../../support/realRun.ts';
import { createTinyProduct, HEALTHY_SERVER, type TinyProduct } from '../../support/tinyProduct.ts';

/** A number no other process of this machine sleeps for: by it alone a test finds its own. */
let lastSleep = 400_000 + (process.pid % 10_000) * 10;

/** A server whose start script first leaves daemons behind, in the ways that are given for the `sleep` of each. */
async function daemonProduct(ways: readonly ((sleep: string) => string)[]) {
  const sleeps = ways.map(() => `sleep ${(lastSleep += 1)}`);
  const left = ways.map((way, index) => way(sleeps[index] ?? '')).join('\n');
  const start = `#!/bin/sh\n${left}\nexec node server.mjs\n`;
  const files = { 'server.mjs': HEALTHY_SERVER, 'start.sh': start };
  const product = await createTinyProduct([
    { name: 'web', files, entry: { start: ['/bin/sh', 'start.sh'] } },
  ]);
  return { product, sleeps };
}

function sleeping(...sleeps: readonly string[]): number[] {
  return processIds().filter(
    (pid) => sleeps.includes(commandOf(pid)) && readProcess(pid)?.isOver === false,
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
/** A part of a script that one node alone runs. */
function onlyOn(node: string, script: string): string {
  return `case "$MESH_SIM_RUN" in */${node}/*) ${script} ;; esac`;
}
/** Nodes without boxes: in one, nothing outlives its node. */
const ON_HOST = { guard: { deny: [], namespace: 'off', ports: [] } } as const;

describe('runtime/real: a daemon that a service leaves behind', () => {
  let made: TinyProduct | undefined;
  let asleep: readonly string[] = [];
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  const daemon = async (...ways: ((sleep: string) => string)[]) => {
    const { product, sleeps } = await daemonProduct(ways);
    [made, asleep] = [product, sleeps];
    return product;
  };
  afterEach(async () => {
    for (const pid of sleeping(...asleep)) process.kill(pid, 'SIGKILL');
    await made?.dispose();
  });

  it('is found, named and ended, whichever way it got away', async () => {
    const run = await rehearse(
      await daemon(
        // In a session of its own at /, then the same after two forks.
        (sleep) => onlyOn('n0', `(cd / && exec setsid -f ${sleep} ${QUIET})`),
        (sleep) =>
          onlyOn('n0', `(cd / && setsid sh -c '(setsid ${sleep} ${QUIET} &) &' ${QUIET} &)`),
        // Without its environment, while its parent lives.
        (sleep) =>
          onlyOn(
            'n0',
            `(cd / && exec env -i PATH="$PATH" setsid sh -c '${sleep} ${QUIET} & wait' ${QUIET}) &`,
          ),
        // In its folder.
        (sleep) => onlyOn('n0', `env -i PATH="$PATH" setsid -f ${sleep} ${QUIET}`),
      ),
      {},
      ON_HOST,
    );
    assert.equal(run.observation.outcome, 'fail');
    const { observed, details } = leftOf(run);
    assert.equal(observed, 'violated');
    assert.match(details, /^\d+ processes outlived the run/);
    for (const sleep of asleep) {
      const named = `"${sleep}" \\(process \\d+, found by \\w+\\) of service "web" on n0`;
      assert.match(details, new RegExp(named));
      assert.deepEqual(sleeping(sleep), []);
    }
  });

  it('ends with the box of its node, whatever it has left, and fails nothing', async function () {
    const product = await daemon(
      (sleep) => `(cd / && exec env -i PATH="$PATH" setsid -f setsid -f ${sleep} ${QUIET})`,
    );
    const run = await rehearse(product);
    assert.deepEqual(sleeping(...asleep), []);
    if (run.observation.environment.isolation !== 'full') this.skip();
    assert.equal(run.observation.outcome, 'pass', run.observation.cause);
    assert.match(leftOf(run).details, /in a process namespace of their node/);
  });

  it('is told of by the service that stopped, and by then it is gone', async () => {
    const product = await daemon((sleep) => `(cd / && exec setsid -f ${sleep} ${QUIET})`);
    let running: number[] | undefined;
    const sink = (event: MeshEvent) => {
      if (event.type === 'service' && event.status === 'stopped' && event.nodeId === 'n0') {
        running = sleeping(...asleep).filter((pid) => isOf(pid, 'n0'));
      }
    };
    const { events } = await rehearse(product, {}, { sink });
    const stopped = eventsOf(events, 'service').filter(({ status }) => status === 'stopped');
    assert.equal(stopped.length, 2);
    for (const { details } of stopped) assert.ok(details?.includes(asleep[0] ?? '-'), details);
    assert.deepEqual(running, []);
  });

  it('ends with its node when chaos kills that, and fails nothing', async () => {
    const product = await daemon((sleep) =>
      onlyOn('n1', `(cd / && exec setsid -f ${sleep} ${QUIET})`),
    );
    const when = { node: 'n1', phase: 'healthy', progress: 1 } as const;
    const faults = [{ when, do: { kill: 'n1' } }];
    const run = await rehearse(product, { chaos: { faults } });
    assert.equal(
      eventsOf(run.events, 'node').filter(({ status }) => status === 'crashed').length,
      1,
    );
    assert.deepEqual(sleeping(...asleep), []);
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
    assert.deepEqual(sleeping(...asleep), []);
  });

  it('does not take a run for dirty whose services end after their launcher does', async () => {
    const product = await daemon(() => `node server.mjs & exec sleep 100000`);
    const run = await rehearse(product, {}, ON_HOST);
    assert.equal(leftOf(run).observed, 'held', leftOf(run).details);
    assert.equal(run.observation.environment.isolation, 'none');
    assert.match(leftOf(run).details, /looked by folder, environment, group, session, descent/);
  });
});
