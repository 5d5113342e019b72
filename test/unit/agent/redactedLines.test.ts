import assert from 'node:assert/strict';
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

  it('do not wait for ever for the rest of what may be a secret', async () => {
    const seen: string[] = [];
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const lines = new RedactedLines(new Redactor(new Map([['S', KEY]])), (text) => {
      seen.push(text);
      tell();
    });
    // The line end may still belong to the secret.
    lines.push(Buffer.from('a line, then -----BEGIN KEY-----\n'));
    assert.deepEqual(seen, []);
    await told;
    lines.push(Buffer.from('something else\n'));
    lines.end();
    assert.deepEqual(seen, ['a line, then ***', 'something else']);
  });
});
