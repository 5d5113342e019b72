import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { AgentProcess } from '../../../src/runtime/real/agentProcess.ts';
import { Redactor } from '../../../src/vault/redactor.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

const SECRET = 'tok-4f9a7c21e8';

/** In which words a program ends that is started as an agent. */
function endOf(program: string): Promise<string> {
  return withTemporaryFolder((folder) => {
    const bundle = path.join(folder, 'agent.cjs');
    writeFileSync(bundle, program);
    return new Promise((resolve, reject) => {
      new AgentProcess({
        bundle,
        folder,
        env: {},
        compileCacheFolder: path.join(folder, 'cache'),
        redactor: new Redactor(new Map([['TOKEN', SECRET]])),
        onReport: () => undefined,
        onUnable: reject,
        onEnd: resolve,
      });
    });
  });
}

describe('runtime: the last words of an agent', () => {
  it('hold no end of a secret whose beginning was cut off', async () => {
    const line = `${SECRET} ${'x'.repeat(1_990)}`;
    const words = await endOf(
      `process.stderr.write(${JSON.stringify(line)}); process.exitCode = 1;`,
    );
    assert.match(words, /^exited with code 1: /);
    for (let length = 4; length < SECRET.length; length += 1) {
      assert.ok(!words.includes(SECRET.slice(-length)), words.slice(0, 40));
    }
  });

  it('are whole characters wherever they are cut', async () => {
    const words = await endOf(
      "for (const byte of Buffer.from('käse')) require('node:fs').writeSync(2, Buffer.of(byte)); process.exitCode = 1;",
    );
    assert.equal(words, 'exited with code 1: käse');
  });

  it('do not quote what is no report', async () => {
    const words = await endOf(
      `console.log(${JSON.stringify(SECRET)}); setInterval(() => 0, 1000);`,
    );
    assert.equal(words, 'said something that is no report (a line of 14 characters)');
  });
});
