import assert from 'node:assert/strict';
import { jsonRange } from '../../../src/host/jsonRange.ts';

const TEXT = '{ "a\\"b": [1, {"c": "}"}], "d": {}, "d": [ ] }';

function at(...path: (string | number)[]): string | undefined {
  const range = jsonRange(TEXT, path);
  return range && TEXT.slice(range.start, range.end);
}

describe('the range of a value in a JSON text', () => {
  it('covers exactly the value', () => {
    assert.equal(at('a"b', 1, 'c'), '"}"');
    assert.equal(at('a"b', 1), '{"c": "}"}');
    assert.equal(at(), TEXT);
  });

  it('is of the last of repeated keys', () => {
    assert.equal(at('d'), '[ ]');
  });

  it('is absent where the text has no such value', () => {
    assert.equal(at('a"b', 2), undefined);
  });
});
