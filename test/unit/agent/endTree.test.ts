import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endTree } from '../../../src/agent/processes/end.ts';

/** The way of systems without /proc, tried where there is a ps(1). */
describe('agent: ending a process with all that descends from it', () => {
  async function startShell(script: string) {
    const shell = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    shell.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await once(shell.stdout, 'data');
    return { pid: shell.pid!, closed: once(shell, 'close').then(() => said) };
  }

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('asks every one of them at once', async () => {
    const child = `trap 'echo asked; exit' TERM; echo ready; while :; do sleep 0.05; done`;
    const { pid, closed } = await startShell(`trap : TERM; sh -c "${child}"; echo over`);
    await endTree(pid, 30_000);
    assert.match(await closed, /ready\n(Terminated\n)?asked\nover\n/);
  });

  it('ends by force who does not end', async () => {
    const { pid, closed } = await startShell(`trap '' TERM; echo ready; sleep 600; sleep 600`);
    await endTree(pid, 100);
    assert.equal(await closed, 'ready\n');
  });
});
