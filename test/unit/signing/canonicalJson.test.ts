import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import serialize from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, parseCanonical } from '../../../src/signing/canonicalJson.ts';
import { vectorPath } from '../../support/vectors.ts';

const LIMIT = 10_000;

function refuses(text: string | Uint8Array, pattern: RegExp): void {
  assert.throws(() => parseCanonical(Buffer.from(text), LIMIT), {
    code: 'not-canonical',
    message: pattern,
  });
}

describe('canonical JSON', () => {
  it('writes the published RFC 8785 vectors', function () {
    const folder = vectorPath('jcs');
    if (folder === undefined) return this.skip();
    for (const name of readdirSync(path.join(folder, 'input'))) {
      const input: unknown = JSON.parse(readFileSync(path.join(folder, 'input', name), 'utf8'));
      const expected = readFileSync(path.join(folder, 'output', name), 'utf8').trimEnd();
      assert.equal(serialize(input), expected, name);
      // This one holds 1e30, which is right in RFC 8785 and more than we accept.
      if (name === 'values.json') assert.throws(() => canonicalBytes(input), /2\^53/);
      else assert.equal(Buffer.from(canonicalBytes(input)).toString(), expected, name);
    }
  });

  it('reads back what it wrote, whatever it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
        let bytes: Uint8Array;
        try {
          bytes = canonicalBytes(value);
        } catch {
          return;
        }
        assert.deepEqual(canonicalBytes(parseCanonical(bytes, 1e6)), bytes);
      }),
    );
  });

  const SPELLINGS: readonly [string, string][] = [
    ['a duplicate key', '{"a":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['a final newline', '{"a":1}\n'],
    ['unsorted keys', '{"b":1,"a":1}'],
    ['another spelling of a number', '{"a":1.0}'],
    ['an exponent', '{"a":1e2}'],
    ['a negative zero', '-0'],
    ['an escape that is not needed', '"\\u0041"'],
    ['a byte order mark', '\uFEFF{}'],
  ];
  for (const [name, text] of SPELLINGS) it(`refuses ${name}`, () => refuses(text, /./));

  it('refuses what is not JSON, not UTF-8 or nothing at all', () => {
    refuses('{"a":', /not JSON/);
    refuses(Uint8Array.of(0x22, 0xff, 0x22), /UTF-8/);
    refuses('', /empty/);
  });

  it('refuses half a surrogate pair, also as an escape', () => {
    refuses('"\\ud800"', /surrogate/);
    refuses('{"\\udc00":1}', /surrogate/);
    assert.throws(() => canonicalBytes('\ud800'), { code: 'not-canonical' });
  });

  it('refuses integers that not every reader can hold', () => {
    refuses('9007199254740993', /2\^53/);
    refuses('1e+30', /2\^53/);
    assert.throws(() => canonicalBytes({ a: Number.NaN }), { code: 'not-canonical' });
  });

  for (const key of ['__proto__', 'constructor', 'prototype']) {
    it(`refuses the key ${key}`, () => refuses(`{"${key}":1}`, new RegExp(key)));
  }

  it('accepts 64 levels and refuses 65', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.ok(parseCanonical(Buffer.from(nested(64)), LIMIT));
    refuses(nested(66), /deep/);
  });

  it('refuses a text of more bytes than stated, before it parses it', () => {
    assert.throws(() => parseCanonical(Buffer.from('[1,2]'), 4), { message: /more than 4/ });
  });
});
