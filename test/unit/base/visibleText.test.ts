import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MeshSimError } from '../../../src/base/errors.ts';
import {
  hiddenCharacter,
  printable,
  printableJson,
  printableLines,
  visibleCharacters,
} from '../../../src/base/visibleText.ts';
import { terminalText } from '../../../src/cli/terminalText.ts';
import { paintFor } from '../../../src/cli/paint.ts';
import { reasonProblem } from '../../../src/model/breakGlass.ts';

/** C0, DEL, C1, soft hyphen, fillers, joiners, bidi marks and overrides and isolates, separators, selectors, BOM, tags. */
const HIDDEN = [
  ...['\0', '\u0007', '\t', '\n', '\r', '\u001b', '\u007f', '\u0085', '\u009b'],
  ...['\u00ad', '\u034f', '\u061c', '\u115f', '\u180e', '\u200b', '\u200c', '\u200d', '\u200e'],
  ...['\u200f', '\u2028', '\u2029', '\u202a', '\u202e', '\u2060', '\u2066', '\u2069', '\u206f'],
  ...['\u3164', '\ufe0f', '\ufeff', '\uffa0', '\ufff9', '\u{e0001}', '\u{e0067}', '\ud800'],
];
const SEEN = ['orders', 'naïve', '日本', 'Ω', '🚑️ fix', '👩‍💻', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'שלום', 'עברית a'];

describe('text a person can trust', () => {
  it('has no character that is not drawn, or that turns or moves others', () => {
    for (const one of HIDDEN) {
      const code = (one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      assert.equal(hiddenCharacter(`a${one}b`), `U+${code}`);
      assert.equal(printable(`a${one}b`), 'a\ufffdb', code);
    }
  });

  it('may be of any script, and have emoji whole as people type them', () => {
    for (const text of SEEN) {
      assert.equal(hiddenCharacter(text), undefined, text);
      assert.equal(printable(text), text);
    }
  });

  it('is printed without any hidden character left, and the same when printed again', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printable(text);
        assert.equal(hiddenCharacter(shown), undefined);
        assert.equal(printable(shown), shown);
        assert.equal(hiddenCharacter(printableLines(text).replaceAll(/[\n\t]/g, '')), undefined);
      }),
    ));

  it('is printed as JSON that means the same', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const json = printableJson(JSON.stringify(texts));
        assert.deepEqual(JSON.parse(json), texts);
        assert.doesNotMatch(json, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    ));

  it('counts only characters that are seen', () => {
    assert.equal(visibleCharacters('\u3164 \u2800\t\u200b\u0301 a b'), 2);
  });

  it('is what every sentence of an error is made of', () => {
    const { message } = new MeshSimError('usage', 'The name "a\u202eb\u001b[2J" is taken.');
    assert.equal(message, 'The name "a\ufffdb\ufffd[2J" is taken.');
  });

  it('is written to a terminal with our colours, and with no other sequence', () => {
    const paint = paintFor(true);
    const ours = `${paint(['bold', 'red'], 'x')} ${paint(['bold', 'white', 'bgRed'], 'y')} ${paint('dim', 'z')} ${paint.heat(0.5, '7')}`;
    assert.equal(terminalText(ours), ours);
    const foreign = '\u001b[2J\u001b[8mhidden\u001b]0;title\u0007\u009b1A\u202e';
    assert.doesNotMatch(terminalText(foreign), /[\u001b\u009b\u0007\u202e]/);
  });
});

describe('a reason to break the glass', () => {
  for (const text of [
    '',
    'too few',
    '        \t       ',
    '\u3164'.repeat(20),
    '\u2800'.repeat(20),
    '\u0301'.repeat(20),
    '\u200b'.repeat(20),
    'a real reason\nGate: every rule holds',
    'a real reason \u001b[2K',
    'a real reason \u202e',
    'x'.repeat(501),
  ]) {
    it(`is not ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.match(reasonProblem(text) ?? '', /^(has|is) [^.]+$/));
  }

  it('is a line that says something, in any script', () => {
    for (const text of ['prod is down', '本番が停止しています。', '🚑️ hotfix for #77']) {
      assert.equal(reasonProblem(text), undefined, text);
    }
  });
});
