import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { hearLines } from '../../../src/base/hearLines.ts';

describe('base: lines of a stream', () => {
  it('are whole wherever the stream is cut, and what has no end is none', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '\r', '\n') });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (all, cuts) => {
        const stream = new PassThrough();
        const heard: string[] = [];
        hearLines(stream, (line) => heard.push(line));
        const bytes = Buffer.from(all);
        const places = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        for (const [i, place] of places.slice(1).entries()) {
          stream.write(bytes.subarray(places[i], place));
        }
        stream.end();
        await finished(stream);
        assert.deepEqual(heard, all.split('\n').slice(0, -1));
      }),
    );
  });
});
