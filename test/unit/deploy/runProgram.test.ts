import assert from 'node:assert/strict';
import os from 'node:os';
import { lastWords, runProgram } from '../../../src/deploy/runProgram.ts';
import { Redactor } from '../../../src/vault/redactor.ts';

const SECRET = 'tok-4f9a7c21e8';
const REDACTOR = new Redactor(new Map([['TOKEN', SECRET]]));

async function printed(text: string) {
  const shown: string[] = [];
  const end = await runProgram({
    command: [process.execPath, '-e', `process.stdout.write(${JSON.stringify(text)})`],
    folder: os.tmpdir(),
    env: {},
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onLine: (line) => shown.push(line),
    redactor: REDACTOR,
  });
  return { shown, end };
}

describe('deploy: what a program printed', () => {
  it('holds no secret that is whole only without what steers terminals', async () => {
    const coloured = [
      `${SECRET.slice(0, 5)}\x1b[01;31m\x1b[K${SECRET.slice(5)}\x1b[m`,
      `${SECRET.slice(0, 5)}\x1b]8;;http://host/\x07${SECRET.slice(5)}\x1b]8;;\x07`,
      `${SECRET.slice(0, 5)}\x9b31m${SECRET.slice(5)}`,
    ];
    for (const text of coloured) {
      const { shown, end } = await printed(`first\nthe token is ${text}\n`);
      for (const one of [...shown, lastWords(end)]) assert.ok(!one.includes(SECRET), one);
      assert.match(lastWords(end), /the token is \*\*\*/);
    }
  });

  it('is shown without colours', async () => {
    const { shown, end } = await printed('\x1b[31mno such file\x1b[0m.\n');
    assert.deepEqual(shown, ['no such file.']);
    assert.equal(lastWords(end), ' Its last line: no such file.');
  });
});
