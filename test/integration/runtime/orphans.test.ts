import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { bundledChild } from '../../support/bundledChild.ts';
import { processesInside } from '../../support/processesInside.ts';
import {
  createTinyProduct,
  HEALTHY_SERVER,
  healthyService,
  type TinyProduct,
} from '../../support/tinyProduct.ts';
import { realRunOptions, rehearse } from '../../support/realRun.ts';
import { runReal } from '../../../src/runtime/real/run.ts';

/** The instant a killed group needs to leave the process table. */
async function untilNobodyIn(folder: string): Promise<void> {
  while (processesInside(folder).length > 0) await delay(5);
}

describe('runtime/real: what is left of a run', () => {
  let tiny: TinyProduct;
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    tiny = await createTinyProduct([healthyService()]);
  });
  after(async () => {
    if (process.platform === 'linux') await tiny.dispose();
  });

  it('leaves no process when the orchestrator is killed by SIGKILL', async () => {
    const program = await bundledChild('realRunChild', tiny.folder);
    const child = spawn(process.execPath, [program, tiny.folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify({ ...tiny, driftedAt: undefined, dispose: undefined }));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'healthy') break;
    }
    assert.ok(processesInside(tiny.folder).length > 0, 'agents and services are running');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await untilNobodyIn(tiny.folder);
  });

  it('does not begin when it was cancelled before', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(runReal(realRunOptions(tiny, {}, { signal })), { code: 'interrupted' });
  });

  it('ends as interrupted when it is cancelled, and leaves no process', async () => {
    const cancel = new AbortController();
    const statuses: string[] = [];
    const options = realRunOptions(
      tiny,
      {},
      {
        signal: cancel.signal,
        sink: (event) => {
          if (event.type === 'run') statuses.push(event.status);
          if (event.type === 'service' && event.status === 'healthy') cancel.abort();
        },
      },
    );
    await assert.rejects(runReal(options), { code: 'interrupted' });
    assert.deepEqual(statuses, ['started', 'cancelled']);
    assert.deepEqual(processesInside(tiny.folder), []);
  });

  it('finds and ends a process that a service has detached from its group', async () => {
    const escape = `
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref();
      ${HEALTHY_SERVER}`;
    const escaping = await createTinyProduct([{ name: 'web', files: { 'server.mjs': escape } }]);
    const guard = { deny: [], namespace: 'off', ports: [] } as const;
    const { observation } = await rehearse(escaping, {}, { guard });
    assert.deepEqual(processesInside(escaping.folder), []);
    await escaping.dispose();
    const left = observation.invariants.find(({ name }) => name === 'no-process-left');
    assert.equal(left?.observed, 'violated');
    assert.equal(observation.outcome, 'fail');
  });

  it('runs twice at the same time in one workspace', async () => {
    const runs = await Promise.all([rehearse(tiny), rehearse(tiny)]);
    for (const { observation } of runs) {
      assert.equal(observation.outcome, 'pass', observation.cause);
    }
  });

  it('leaves the same behind when a plan is run again', async () => {
    const simId = '7b0c1f6e-2b9f-4a51-9d3e-0c6a5f1d2e3b';
    const runFolder = path.join(tiny.folder, 'runs', simId);
    const left = async () => {
      await rehearse(tiny, {}, { simId, runFolder });
      return readdirSync(tiny.folder, { recursive: true }).map(String).sort();
    };
    const first = await left();
    const second = await left();
    assert.deepEqual(second, first);
  });

  it('fails a node whose agent is not there, and ends the others', async () => {
    const bundles = { ...realRunOptions(tiny).bundles, agent: path.join(tiny.folder, 'none.cjs') };
    const { observation } = await rehearse(tiny, {}, { bundles });
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /The agent of n\d exited with code 1/);
  });

  it('says which phase a node was in when the deadline passed', async () => {
    const { observation } = await rehearse(tiny, {
      params: { nodes: 2, latencyMs: [3_000, 3_000] },
      deadlineMs: 1_500,
    });
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /within 1500 ms, the plan's deadline.*phase "boot"/);
  });
});
