import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { mapChunks } from '../../../src/capsule/mapChunks.ts';

const MIB = 1024 * 1024;

function randomBytes(seed: string, size: number): Uint8Array {
  return createHash('shake256', { outputLength: size }).update(seed).digest();
}

/** Gives other work its turn before each piece, as a pipe does. */
async function* arriving(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) {
    await turn();
    yield bytes.subarray(at, at + 100_000);
  }
}

describe('chunks of a stream', () => {
  it('keep their bytes until their use has settled, however long that takes', async () => {
    const input = randomBytes('slow use', 24 * MIB);
    let index = 0;
    const copies = await mapChunks(arriving(input), async (chunk) => {
      const turns = (index += 1) % 7 === 0 ? 200 : 0;
      for (let i = 0; i < turns; i += 1) await turn();
      return Uint8Array.from(chunk);
    });
    assert.equal(Buffer.compare(Buffer.concat(copies), input), 0);
  });

  it('are held back while too many are in use', async () => {
    const input = randomBytes('held back', 24 * MIB);
    let inUse = 0;
    let most = 0;
    await mapChunks(arriving(input), async (chunk) => {
      most = Math.max(most, (inUse += chunk.length));
      for (let i = 0; i < 100; i += 1) await turn();
      inUse -= chunk.length;
    });
    assert.ok(most > MIB && most <= 8 * MIB, `${most} bytes in use`);
  });

  it('fail as the use of one does, once the others have settled, and are not read to the end', async () => {
    let given = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of arriving(randomBytes('failing', 24 * MIB))) {
        given += piece.length;
        yield piece;
      }
    }
    let begun = 0;
    let settled = 0;
    const failing = mapChunks(counted(), async () => {
      const index = (begun += 1);
      await turn();
      settled += 1;
      if (index === 3) throw new Error('the disk is full');
    });
    await assert.rejects(failing, /the disk is full/);
    assert.equal(settled, begun);
    assert.ok(given < 16 * MIB, `${given} bytes were read`);
  });

  it('fail as their stream does, once those that were begun have settled', async () => {
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield* arriving(randomBytes('torn', 3 * MIB));
      throw new Error('git died');
    }
    let inUse = 0;
    const failing = mapChunks(torn(), async () => {
      inUse += 1;
      for (let i = 0; i < 20; i += 1) await turn();
      inUse -= 1;
    });
    await assert.rejects(failing, /git died/);
    assert.equal(inUse, 0);
  });
});
