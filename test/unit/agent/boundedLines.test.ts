import assert from 'node:assert/strict';
import {
  BoundedLines,
  MAX_LINE_BYTES,
  MAX_LINES_PER_SECOND,
} from '../../../src/agent/services/boundedLines.ts';

function linesOf(...reads: string[]): string[] {
  const seen: string[] = [];
  const lines = new BoundedLines((text) => seen.push(text));
  for (const read of reads) lines.push(Buffer.from(read));
  lines.end();
  return seen;
}

describe('agent/services: bounded lines', () => {
  it('cuts at line ends, wherever the reads were cut, and keeps an unfinished last line', () => {
    assert.deepEqual(linesOf('one\ntw', 'o\r\n', '\nlast'), ['one', 'two', '', 'last']);
  });

  it('keeps a character that was cut between two reads', () => {
    const bytes = Buffer.from('größe\n');
    const seen: string[] = [];
    const lines = new BoundedLines((text) => seen.push(text));
    lines.push(bytes.subarray(0, 3));
    lines.push(bytes.subarray(3));
    lines.end();
    assert.deepEqual(seen, ['größe']);
  });

  it('cuts a line that is too long and says by how much', () => {
    const [line = ''] = linesOf('x'.repeat(MAX_LINE_BYTES + 10), 'yy\n');
    assert.ok(line.startsWith('x'.repeat(MAX_LINE_BYTES)));
    assert.match(line, /… \(12 more bytes in this line\)$/);
  });

  it('counts the lines above the rate instead of passing them on', () => {
    const seen = linesOf('line\n'.repeat(MAX_LINES_PER_SECOND + 25));
    assert.equal(seen.length, MAX_LINES_PER_SECOND + 1);
    assert.match(seen.at(-1) ?? '', /^… 25 lines left out/);
  });
});
