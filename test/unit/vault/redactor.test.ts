import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MASK } from '../../../src/vault/redactionStream.ts';
import { Redactor } from '../../../src/vault/redactor.ts';
import { TEN_ENCODINGS } from '../../support/canaries.ts';

const VALUE = 's3cret/+value"&<é>';

function redactorOf(...values: string[]): Redactor {
  return new Redactor(new Map(values.map((value, i) => [`S${i}`, value])));
}

function inPieces(redactor: Redactor, text: string, sizes: readonly number[]): string {
  const stream = redactor.stream();
  const bytes = Buffer.from(text);
  const shown: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    shown.push(stream.push(bytes.subarray(at, at + size)));
    at += size;
  }
  shown.push(stream.push(bytes.subarray(at)), stream.end());
  return Buffer.concat(shown).toString();
}

describe('vault/redactor', () => {
  for (const [name, encode] of Object.entries(TEN_ENCODINGS)) {
    it(`masks a value written as ${name}`, () => {
      const shown = redactorOf(VALUE).text(`before ${encode(VALUE)} after`);
      assert.match(shown, /^before .{0,4}\*\*\*.{0,4} after$/);
    });
  }

  it('masks a value inside base64 at every alignment', () => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const text = Buffer.from(`${before}${VALUE}tail`).toString('base64');
      const shown = redactorOf(VALUE).text(text);
      assert.ok(shown.includes(MASK), shown);
      // At most a character on each side is shared with the neighbours.
      const known = Buffer.from(shown.replace(MASK, '').padEnd(8, 'A'), 'base64').toString();
      assert.ok(!known.includes('s3cr') && !known.includes('alue'), known);
    }
  });

  it('leaves text without secrets as the very same string', () => {
    const text = 'GET /api/orders 200 12 ms';
    assert.equal(redactorOf(VALUE).text(text), text);
    assert.equal(new Redactor(new Map()).text(VALUE), VALUE);
  });

  it('masks overlapping and repeated secrets once', () => {
    const redactor = redactorOf('abcdefgh', 'efghijkl');
    assert.equal(redactor.text('<abcdefghijkl>'), `<${MASK}>`);
    assert.equal(redactor.text('<abcdefghabcdefgh>'), `<${MASK}>`);
    assert.equal(redactor.text('<abcdefgh abcdefgh>'), `<${MASK} ${MASK}>`);
  });

  it('masks the longer of two secrets when one begins with the other', () => {
    assert.equal(redactorOf('abcdef', 'abcdefghi').text('abcdefghi!'), `${MASK}!`);
  });

  it('finds a secret that begins inside one that never came', () => {
    assert.equal(redactorOf('aaaaaab', 'aabxyz').text('aaaaabxyz'), `aaa${MASK}`);
  });

  it('masks each line of a value of several lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----';
    const shown = redactorOf(key).text('one: MIIEvQIBADANBg two: kqhkiG9w0BAQEF');
    assert.equal(shown, `one: ${MASK} two: ${MASK}`);
    assert.equal(redactorOf(key).text(`key=${key}.`), `key=${MASK}.`);
  });

  it('names the secret it finds', () => {
    const redactor = redactorOf('first-value', 'second-value');
    assert.equal(redactor.find('x second-value'), 'S1');
    assert.equal(redactor.find('x second value'), undefined);
  });

  it('masks what is free text in an event, and leaves words of the protocol as they are', () => {
    const event = { type: 'phase', phase: 'healthy', details: 'was healthy', at: 1 };
    assert.deepEqual(redactorOf('healthy').message(event), { ...event, details: `was ${MASK}` });
  });

  it('gives the same however the bytes are cut', () => {
    const values = ['aaaaaa', 'aabaab', VALUE, 'é€é€é€'];
    const redactor = redactorOf(...values);
    const pieces = fc.constantFrom(
      ...values.flatMap((value) => Object.values(TEN_ENCODINGS).map((encode) => encode(value))),
      'a',
      'aab',
      ' ',
      '\n',
      's3cr',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }),
        fc.array(fc.nat(9), { maxLength: 60 }),
        (words, sizes) => {
          const text = words.join('');
          const whole = inPieces(redactor, text, []);
          assert.equal(inPieces(redactor, text, sizes), whole);
          assert.equal(redactor.find(whole), undefined);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('holds back no more than the beginning of a secret', () => {
    const stream = redactorOf('abcdefgh').stream();
    assert.equal(stream.push(Buffer.from('text abcd')).toString(), 'text ');
    assert.equal(stream.push(Buffer.from('x')).toString(), 'abcdx');
    assert.equal(stream.isHolding, false);
  });

  it('masks the beginning of a secret that is let go, and its rest when that still comes', () => {
    const stream = redactorOf('abcdefgh\nijkl').stream();
    assert.equal(stream.push(Buffer.from('x abcdefgh\n')).toString(), 'x ');
    assert.equal(stream.release().toString(), `${MASK}\n`);
    assert.equal(stream.push(Buffer.from('ijkl y')).toString(), `${MASK} y`);
  });

  it('bounds what it holds when a secret repeats without end', () => {
    const stream = redactorOf('aaaaaaaa').stream();
    let shown = '';
    for (let i = 0; i < 1_000; i += 1) shown += stream.push(Buffer.from('aaaaa')).toString();
    shown += stream.end().toString();
    assert.equal(shown, MASK);
  });

  it('lets nothing through of a secret of several lines that goes on after its beginning was let go', () => {
    const stream = redactorOf('abcdefgh\nijkl\nmnop').stream();
    let shown = '';
    for (const piece of ['x abcdefgh\n', 'i', 'jk', 'l\n', 'mn', 'op y\n']) {
      shown += stream.push(Buffer.from(piece)).toString() + stream.release().toString();
    }
    assert.equal(shown + stream.end().toString(), `x ${MASK}\n${MASK}\n${MASK} y\n`);
  });
});
