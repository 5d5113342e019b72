import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { DIST } from '../../support/commandLine.ts';

/** The agent as an orchestrator starts it: leader of its own group, no environment. */
function startAgent(): ChildProcess & { stdin: NonNullable<ChildProcess['stdin']> } {
  return spawn(process.execPath, [path.join(DIST, 'agent.cjs')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: {},
  });
}

describe('agent: a program on stdio', () => {
  it('ends when its stdin closes', async () => {
    const agent = startAgent();
    agent.stdin.end();
    const [code, signal] = (await once(agent, 'exit')) as [number | null, string | null];
    assert.ok(signal === 'SIGKILL' || code === 1, `code ${code}, signal ${signal}`);
  });

  for (const [what, line] of [
    ['a line that is no JSON', 'launch!'],
    ['a command it does not know', '{"type":"dance"}'],
    ['a launch that leaves something out', '{"type":"launch","nodeId":"n0"}'],
  ]) {
    it(`ends with a sentence on ${what}`, async () => {
      const agent = startAgent();
      agent.stdin.write(`${line}\n`);
      const [words] = await Promise.all([text(agent.stderr!), once(agent, 'exit')]);
      assert.notEqual(words.trim(), '');
    });
  }
});
