import assert from 'node:assert/strict';
import { readEnvFile } from '../../../src/onramp/files/envFile.ts';

const TEXT = `# everything such files have
export PLAIN=value # a comment
SPACED = with blanks  
HASH=a#b
EMPTY=
SINGLE='as $PLAIN is'
DOUBLE="one\\ntwo \${PLAIN} \\$PLAIN" # after
LINES="first
second"
REFERS=\${PLAIN}/\${NOBODY:-none}
TWICE=1
TWICE=2
yaml: style
not an entry
OPEN="never closed
`;

describe('a .env as others write it', () => {
  for (const [ending, text] of [
    ['LF', TEXT],
    ['CRLF', TEXT.replaceAll('\n', '\r\n')],
  ] as const) {
    it(`is read with ${ending}, and odd lines are told`, () => {
      const { values, odd } = readEnvFile(text);

      assert.deepEqual(Object.fromEntries([...values].map(([name, { value }]) => [name, value])), {
        PLAIN: 'value',
        SPACED: 'with blanks',
        HASH: 'a#b',
        EMPTY: '',
        SINGLE: 'as $PLAIN is',
        DOUBLE: 'one\ntwo value $PLAIN',
        LINES: 'first\nsecond',
        REFERS: 'value/none',
        TWICE: '2',
        yaml: 'style',
      });
      assert.deepEqual(odd, [14, 15]);
    });
  }
});
