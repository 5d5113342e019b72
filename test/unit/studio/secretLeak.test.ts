import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assertNoSecret, assertNoSecretInEvents } from '../../../src/studio/runs/secretLeak.ts';
import { Redactor } from '../../../src/vault/redactor.ts';
import { MORE_ENCODINGS, TEN_ENCODINGS } from '../../support/canaries.ts';
import { sentenceOf } from '../../support/rejection.ts';

const VALUE = 's3cret/+value"&<é>';
const REDACTOR = new Redactor(new Map([['TOKEN', VALUE]]));
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

function sentenceFor(statement: unknown): Promise<string> {
  return sentenceOf(
    'secret-leak',
    Promise.resolve().then(() => assertNoSecret(Buffer.from(JSON.stringify(statement)), REDACTOR)),
  );
}

describe('studio: the scan before sealing', () => {
  for (const [name, encode] of Object.entries({ ...TEN_ENCODINGS, ...MORE_ENCODINGS })) {
    it(`finds a secret written as ${name}, in a string and in a key`, async () => {
      const written = encode(VALUE);
      for (const statement of [{ a: ['', written] }, { a: [{ [written]: 1 }] }]) {
        const sentence = await sentenceFor(statement);
        assert.match(sentence, /the secret TOKEN at (a\[1\]|a key in a\[0\]),/);
        assert.ok(!sentence.includes(written));
      }
    });
  }

  it('looks inside enclosed payloads, and payloads of these', async () => {
    const hex = Buffer.from(VALUE).toString('hex').toUpperCase();
    const statement = { env: { payload: base64({ inner: { payload: base64({ cmd: [hex] }) } }) } };
    assert.match(await sentenceFor(statement), /TOKEN at env\.payload\.inner\.payload\.cmd\[0\],/);
  });

  it('finds none where there is none', () => {
    const statement = { digest: 'ab'.repeat(32), payload: base64({ a: 1 }), sig: 'A'.repeat(88) };
    assertNoSecret(Buffer.from(JSON.stringify(statement)), REDACTOR);
  });

  describe('of events', () => {
    let folder: string;
    let file: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-leak-'));
      file = path.join(folder, 'events.jsonl');
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));
    const write = (last: object) => {
      const lines = Array.from({ length: 3_000 }, (_, seq) => ({ seq, text: `line ${seq} of é` }));
      return writeFile(file, [...lines, last].map((one) => `${JSON.stringify(one)}\n`).join(''));
    };

    it('names the line and the field', async () => {
      await write({ seq: 3_000, name: encodeURIComponent(VALUE) });
      const sentence = await sentenceOf('secret-leak', assertNoSecretInEvents(file, REDACTOR));
      assert.match(sentence, /TOKEN at name \(line 3001 of events\.jsonl\)/);
      assert.doesNotMatch(sentence, /s3cret/);
    });

    it('finds none where there is none', async () => {
      await write({ seq: 3_000, text: '***' });
      await assertNoSecretInEvents(file, REDACTOR);
    });
  });
});
