import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { MAX_LINE_BYTES } from '../../../src/agent/services/boundedLines.ts';
import { RedactedLines } from '../../../src/agent/services/redactedLines.ts';
import { Redactor } from '../../../src/vault/redactor.ts';

const KEY = '-----BEGIN KEY-----\nabc\ndef\n-----END KEY-----';

function linesInto(seen: string[], secret: string): RedactedLines {
  return new RedactedLines(new Redactor(new Map([['S', secret]])), (text) => seen.push(text));
}

describe('agent/services: redacted lines', () => {
  it('mask a secret whose bytes arrive one by one', () => {
    const seen: string[] = [];
    const lines = linesInto(seen, 'sesame-open');
    for (const byte of Buffer.from('say sesame-open now\nnext\n')) lines.push(Buffer.from([byte]));
    lines.end();
    assert.deepEqual(seen, ['say *** now', 'next']);
  });

  it('mask a secret of several lines, short ones too', () => {
    const seen: string[] = [];
    const lines = linesInto(seen, KEY);
    lines.push(Buffer.from(`key: ${KEY}\nafter\n`));
    lines.end();
    assert.deepEqual(seen, ['key: ***', 'after']);
  });

  it('mask a secret that lies where a long line is cut', () => {
    const seen: string[] = [];
    const lines = linesInto(seen, 'sesame-open');
    const before = 'x'.repeat(MAX_LINE_BYTES - 5);
    lines.push(Buffer.from(`${before}sesame-open and more\n`));
    lines.end();
    assert.ok(seen[0]?.startsWith(`${before}*** `), seen[0]?.slice(-60));
  });

  describe('of slow output', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
    afterEach(() => mock.timers.reset());

    /** Five characters every 420 ms: a line's end may wait for 300 ms. */
    function writtenSlowly(secret: string, text: string): string[] {
      const seen: string[] = [];
      const lines = linesInto(seen, secret);
      for (const piece of text.match(/.{1,5}/gs) ?? []) {
        lines.push(Buffer.from(piece));
        mock.timers.tick(420);
      }
      lines.end();
      return seen;
    }

    it('do not wait for ever for the rest of what may be a secret', () => {
      const seen: string[] = [];
      const lines = linesInto(seen, KEY);
      // The line end may still belong to the secret.
      lines.push(Buffer.from('a line, then -----BEGIN KEY-----\n'));
      mock.timers.tick(299);
      assert.deepEqual(seen, []);
      mock.timers.tick(1);
      assert.deepEqual(seen, ['a line, then ***']);
      lines.push(Buffer.from('something else\n'));
      lines.end();
      assert.deepEqual(seen, ['a line, then ***', 'something else']);
    });

    it('keep back a line that is written a few characters at a time', () => {
      const seen = writtenSlowly('sesame-open-the-door', 'say sesame-open-the-door now\n');
      assert.deepEqual(seen, ['say *** now']);
    });

    it('mask a secret of several lines over its line ends', () => {
      const seen = writtenSlowly(KEY, `key: ${KEY} end\nnext\n`);
      assert.deepEqual(seen, ['key: ***', '***', '***', '*** end', 'next']);
    });

    it('show a line of a secret only if it is shorter than 6 bytes with its end', () => {
      assert.deepEqual(writtenSlowly('abcd\nfghijkl', 'wxyz abcd\nfghijkl y\n'), [
        'wxyz abcd',
        '*** y',
      ]);
      assert.deepEqual(writtenSlowly('abcde\nfghijkl', 'wxyz abcde\nfghijkl y\n'), [
        'wxyz ***',
        '*** y',
      ]);
    });
  });
});
