import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Redactor } from '../../../src/vault/redactor.ts';
import { MORE_ENCODINGS, TEN_ENCODINGS } from '../../support/canaries.ts';
import { sweepOf } from '../../support/sweep.ts';

const ENCODINGS = Object.entries({ ...TEN_ENCODINGS, ...MORE_ENCODINGS });

function random(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}

function pem(): string {
  const lines =
    randomBytes(120)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

const COUNT = sweepOf(200, 60);

/** With special characters, without, in Unicode, of the least length, of several lines. */
const CANARIES = Array.from({ length: COUNT }, (_, i) => {
  const kinds = [
    () => `k${random(6)}"/é+&<${random(6)}>'$\\%=`,
    () => random(20),
    () => `пароль-${random(5)}-😀`,
    () => random(6),
    () => pem(),
    () => `%41\\n&lt;${random(8)} ${random(4)}`,
  ];
  return kinds[i % kinds.length]?.() ?? '';
});

function redactorOf(values: readonly string[]): Redactor {
  return new Redactor(new Map(values.map((value, i) => [`S${i}`, value])));
}

const ALL = redactorOf(CANARIES);

function shownIn(redactor: Redactor, bytes: Buffer, size: number): string {
  const stream = redactor.stream();
  const shown: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    shown.push(stream.push(bytes.subarray(at, at + size)));
    // As slow as can be: everything that may be let go is, after each piece.
    if (size === 5) shown.push(stream.release());
  }
  return Buffer.concat([...shown, stream.end()]).toString();
}

describe(`vault: ${COUNT} canaries in every encoding, however they are cut`, () => {
  for (const [name, encode] of ENCODINGS) {
    it(`finds none written as ${name}`, () => {
      const written = CANARIES.map((value) => encode(value));
      const text = written.map((one) => `planted ${one} here\n`).join('');
      for (const size of [Infinity, 1, 5]) {
        const shown = shownIn(ALL, Buffer.from(text), Math.min(size, text.length * 4));
        for (const [i, one] of written.entries()) {
          assert.ok(!shown.includes(one), `${CANARIES[i]} as ${one}, in pieces of ${size}`);
        }
        assert.equal(ALL.find(shown), undefined);
      }
    });
  }

  it('finds none in any mixture of escapes', () => {
    const escapes: ((one: string) => string)[] = [
      (one) => one,
      (one) => encodeURIComponent(one).replaceAll(/%../g, (escape) => escape.toLowerCase()),
      (one) =>
        Array.from(Buffer.from(one), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      (one) => `&#${one.codePointAt(0)};`,
      (one) => `&#X${(one.codePointAt(0) ?? 0).toString(16)};`,
      (one) => String.raw`\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
      (one) => JSON.stringify(JSON.stringify(one)).slice(3, -3),
      (one) =>
        Array.from(
          { length: one.length },
          (_, i) => String.raw`\u` + one.charCodeAt(i).toString(16).padStart(4, '0'),
        ).join(''),
    ];
    const value = `Ab3-Zq9"/é+&<😀>'%=x7`;
    const secrets = fc.oneof(
      fc.constant(value),
      fc.string({
        unit: fc.constantFrom(...Array.from(value), 'n', 'u', '4', 'ж', '漢'),
        minLength: 8,
        maxLength: 21,
      }),
    );
    const choices = fc.array(fc.constantFrom(...escapes), { minLength: 21, maxLength: 21 });
    fc.assert(
      fc.property(secrets, choices, fc.integer({ min: 1, max: 9 }), (secret, chosen, size) => {
        const redactor = redactorOf([secret]);
        const written = Array.from(secret, (one, i) => chosen[i]?.(one) ?? one).join('');
        assert.equal(redactor.find(written), 'S0', written);
        const shown = shownIn(redactor, Buffer.from(`<${written}>`), size);
        assert.match(shown, /\*\*\*/);
        assert.equal(redactor.find(shown), undefined);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves text without secrets as it is, byte for byte', () => {
    const words = fc.constantFrom(
      '%',
      '%41',
      '&amp;',
      '\\',
      '\\u0041',
      '"',
      ' ',
      '\n',
      'né',
      '73 33',
      '115,',
    );
    const text = fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 40 });
    const redactor = redactorOf(Array.from({ length: 20 }, () => random(24)));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (pieces, size) => {
        const written = Buffer.from(pieces.join(''));
        assert.equal(shownIn(redactor, written, size), written.toString());
      }),
      { numRuns: 1_000 },
    );
  });
});
