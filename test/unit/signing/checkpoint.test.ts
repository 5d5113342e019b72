import assert from 'node:assert/strict';
import {
  logIdOf,
  logKeyOf,
  originOf,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '../../../src/signing/checkpoint.ts';
import { merkleRoot } from '../../../src/signing/merkle.ts';
import { noteKeyHash, noteVerifierKey, parseNote } from '../../../src/signing/note.ts';
import { keyNumber } from '../../support/sealedRun.ts';

const KEY = keyNumber(2);
const ORIGIN = originOf(KEY.publicKey, '0011223344556677');
const NOTE = signCheckpoint({ origin: ORIGIN, size: 7, root: merkleRoot([]) }, KEY);

function refuses(note: string, publicKey = KEY.publicKey): void {
  assert.throws(() => verifyCheckpoint(note, publicKey), { code: 'signature-invalid' });
}

describe('checkpoints', () => {
  it('is a note of three lines, an empty line and one signature line', () => {
    const [origin, size, root, empty, signature, end] = NOTE.split('\n');
    assert.deepEqual([origin, size, empty, end], [ORIGIN, '7', '', '']);
    assert.equal(root, Buffer.from(merkleRoot([])).toString('base64'));
    assert.ok(signature?.startsWith(`— ${ORIGIN} `));
  });

  it('reads back what it wrote', () => {
    const { origin, size, root } = verifyCheckpoint(NOTE, KEY.publicKey);
    assert.deepEqual([origin, size, Buffer.from(root)], [ORIGIN, 7, Buffer.from(merkleRoot([]))]);
  });

  it('spells out the key that signs it', () => {
    assert.equal(logKeyOf(parseCheckpoint(NOTE).origin), KEY.publicKey);
    assert.deepEqual(logIdOf(ORIGIN).subarray(0, 4), parseNote(NOTE).keyHash);
  });

  it('states its key as C2SP tools expect it', () => {
    const [name, hash, key] = noteVerifierKey(ORIGIN, KEY.publicKey).split('+');
    assert.equal(name, ORIGIN);
    assert.equal(hash, Buffer.from(noteKeyHash(ORIGIN, KEY.publicKey)).toString('hex'));
    assert.equal(Buffer.from(key ?? '', 'base64').toString('hex'), `01${KEY.publicKey}`);
  });

  it('refuses another size, another key, and a second signature', () => {
    refuses(NOTE.replace('\n7\n', '\n8\n'));
    refuses(NOTE, keyNumber(3).publicKey);
    refuses(`${NOTE}${NOTE.slice(NOTE.indexOf('—'))}`);
  });

  it('refuses a size in another spelling and lines we do not write', () => {
    for (const size of ['07', '-1', '7.0', '99999999999999999']) {
      refuses(NOTE.replace('\n7\n', `\n${size}\n`));
    }
    const text = `${ORIGIN}\n7\n${Buffer.alloc(32).toString('base64')}\nmore\n`;
    refuses(`${text}\n— ${ORIGIN} ${Buffer.alloc(68).toString('base64')}\n`);
  });
});
