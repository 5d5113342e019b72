import assert from 'node:assert/strict';
import { interpolate } from '../../../src/onramp/files/interpolate.ts';

const VALUES: Readonly<Record<string, string>> = { NAME: 'orders', EMPTY: '' };

function filled(text: string) {
  return interpolate(text, (name) => VALUES[name]);
}

describe('variables as compose replaces them', () => {
  const cases: Readonly<Record<string, string>> = {
    '$NAME:${NAME}': 'orders:orders',
    '$$NAME costs 5$ or $$${NAME}': '$NAME costs 5$ or $orders',
    '${EMPTY-x}${EMPTY:-y}${NONE-z}': 'yz',
    '${NAME+set}${EMPTY+set}${EMPTY:+no}${NONE+no}': 'setset',
    '${NONE:-${ALSO_NONE:-http://${NAME}:80}}/x': 'http://orders:80/x',
    '${NAME?needed}': 'orders',
    '${unclosed': '',
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`makes "${expected}" of ${text}`, () => assert.equal(filled(text).text, expected));
  }

  it('tells which names have no value, but for those that have a default', () => {
    assert.deepEqual(filled('$ONE${TWO:-2}${NAME:-$THREE}').missing, ['ONE']);
  });

  it('tells the first name that is required and has no value', () => {
    const { required } = filled('${NAME:?no}${EMPTY:?say it}${NONE?later}');
    assert.deepEqual(required, { name: 'EMPTY', message: 'say it' });
  });
});
