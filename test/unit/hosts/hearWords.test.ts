import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { hearWords } from '../../../src/runtime/hosts/keeper/hearWords.ts';

describe('what an agent on another host says on its stderr', () => {
  it('is handed on whole, and waits until it may be said', async () => {
    const errors = new PassThrough();
    const heard: Buffer[] = [];
    hearWords(errors, (bytes) => heard.push(bytes));
    const began = performance.now();
    errors.write('a'.repeat(10_000));
    errors.end('b');
    await once(errors, 'end');
    assert.equal(Buffer.concat(heard).toString(), `${'a'.repeat(10_000)}b`);
    // A timer of Node.js counts from the beginning of its turn, and may come a millisecond early.
    assert.ok(performance.now() - began > 190);
  });
});
