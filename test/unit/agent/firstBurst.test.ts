import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { childrenOf, isBusy, readProcess } from '../../../src/agent/processes/procfs.ts';
import { firstBurstOver } from '../../../src/agent/services/firstBurst.ts';

/** Computes until it is told to rest, in a child of the process that was started. */
const WORKER = `
let computing = true;
process.stdin.once('data', () => { computing = false; }).once('end', () => process.exit());
const work = () => { const until = Date.now() + 5; while (Date.now() < until); if (computing) setImmediate(work); };
work();
process.stdout.write('at work');
`;

describe('agent/services: the first work of a program', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('is over when it rests, also where a child does the work, and not before', async () => {
    const quoted = `'${process.execPath}' -e "${WORKER.replaceAll('\n', ' ')}"; :`;
    const shell = spawn('/bin/sh', ['-c', quoted], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(shell.stdout, 'data');
      let isOver = false;
      const { signal } = new AbortController();
      const over = firstBurstOver(shell.pid!, signal, Infinity).then(() => {
        isOver = true;
      });
      const [worker = 0] = childrenOf(shell.pid!);
      const used = () => readProcess(worker)?.ticks ?? Infinity;
      const enough = used() + 20;
      while (used() < enough) await new Promise(setImmediate);
      assert.equal(isOver, false);
      shell.stdin.write('rest');
      await over;
    } finally {
      // Whoever loses the other end of its pipe ends.
      shell.stdin.end();
      shell.kill();
    }
  });

  it('goes on while another thread has not done its part, whatever the first one does', async () => {
    const thread = 'for (;;);';
    const code = `new (require('node:worker_threads').Worker)(${JSON.stringify(thread)}, { eval: true }); console.log('at work');`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      // Until its thread has begun; from then on it never rests.
      while (!isBusy(child.pid!)) await new Promise(setImmediate);
      for (let look = 0; look < 100; look += 1) assert.equal(isBusy(child.pid!), true);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is no longer looked for when nobody waits for it', async () => {
    const nobody = AbortSignal.abort();
    await firstBurstOver(process.pid, nobody);
  });
});
