import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FASTCDC_V1 } from '../../../src/capsule/fastcdc.ts';
import { mapChunks } from '../../../src/capsule/mapChunks.ts';

/** Incompressible bytes that are the same on every run: SHAKE256 of a seed. */
function randomBytes(seed: string, size: number): Uint8Array {
  return createHash('shake256', { outputLength: size }).update(seed).digest();
}

// eslint-disable-next-line @typescript-eslint/require-await -- the chunker reads async streams
async function* cut(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function chunks(bytes: Uint8Array, pieceBytes: number): Promise<Uint8Array[]> {
  return mapChunks(cut(bytes, pieceBytes), (chunk) => Promise.resolve(Uint8Array.from(chunk)));
}

async function chunkDigests(bytes: Uint8Array, pieceBytes = 65_536): Promise<string[]> {
  const found = await chunks(bytes, pieceBytes);
  return found.map((chunk) => createHash('sha256').update(chunk).digest('hex'));
}

const MIB = 1024 * 1024;

describe('fastcdc-v1', () => {
  it('cuts chunks that add up to the input, within the stated sizes', async () => {
    const input = randomBytes('sizes', 8 * MIB);
    const found = await chunks(input, 10_007);
    assert.deepEqual(Buffer.compare(Buffer.concat(found), input), 0);
    for (const chunk of found.slice(0, -1)) {
      assert.ok(chunk.length > FASTCDC_V1.minBytes && chunk.length <= FASTCDC_V1.maxBytes);
    }
    const average = input.length / found.length;
    assert.ok(average > 50_000 && average < 100_000, `average ${average}`);
  });

  it('cuts the same however the input arrives', async () => {
    const input = randomBytes('pieces', 3 * MIB);
    const whole = await chunkDigests(input, input.length);
    assert.deepEqual(await chunkDigests(input, 1_021), whole);
    assert.deepEqual(await chunkDigests(input, 3_000_000), whole);
  });

  it('reuses 99 % of the chunks after a small insert', async () => {
    const input = randomBytes('insert', 32 * MIB);
    const before = new Set(await chunkDigests(input));
    const at = 5 * MIB + 123;
    const edited = Buffer.concat([input.subarray(0, at), Buffer.from('hello'), input.subarray(at)]);
    const after = await chunkDigests(edited);
    const reused = after.filter((digest) => before.has(digest)).length;
    assert.ok(reused / after.length >= 0.99, `${reused} of ${after.length}`);
  });

  it('ends a run of equal bytes at the maximum', async () => {
    const found = await chunks(new Uint8Array(600_000), 65_536);
    assert.deepEqual(
      found.map(({ length }) => length),
      [262_144, 262_144, 75_712],
    );
  });

  it('gives no chunk for no bytes', async () => {
    assert.deepEqual(await chunkDigests(new Uint8Array(0)), []);
  });

  it('keeps its cuts for ever: a change here would make every product re-send everything', async () => {
    const digests = await chunkDigests(randomBytes('golden', MIB));
    const summary = createHash('sha256').update(digests.join('\n')).digest('hex');
    assert.equal(summary, '81d1d7463414c3be6ba3e3a807b9a787a72f7e84bc549986153b3a5bdceec28b');
  });
});
