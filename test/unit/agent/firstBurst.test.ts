import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { childrenOf, readProcess } from '../../../src/agent/processes/procfs.ts';
import { firstBurstOver } from '../../../src/agent/services/firstBurst.ts';

/** Computes until it is told to rest, in a child of the process that was started. */
const WORKER = `
let computing = true;
process.stdin.once('data', () => { computing = false; });
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
    shell.kill();
    shell.stdin.end();
    await once(shell, 'exit');
  });

  it('is no longer looked for when nobody waits for it', async () => {
    const nobody = AbortSignal.abort();
    await firstBurstOver(process.pid, nobody);
  });
});
