import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { pathRate } from '../../../src/runtime/hosts/pipes/pathRate.ts';

const PIECE = 1_000;

interface Path {
  readonly stream: Duplex;
  readonly now: () => number;
}

/** Gives back what it is given, at so many bytes in a ms of its own clock, and no more than `most` in all; after that, time goes by at once. */
function path(bytesPerMs: number, { rttMs = 0, most = Infinity } = {}): Path {
  let time = 0;
  let left = most;
  const stream: Duplex = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _, done) => {
      time += rttMs;
      for (let at = 0; at < bytes.length && left > 0; at += PIECE) {
        const piece = bytes.subarray(at, at + Math.min(PIECE, left));
        time += piece.length / bytesPerMs;
        left -= piece.length;
        stream.push(piece);
      }
      if (left <= 0) time = 2_000;
      done();
    },
  });
  return { stream, now: () => time };
}

describe('what a path carries', () => {
  it('is told in Mbit/s, without what a round trip takes', async () => {
    const { stream, now } = path(250, { rttMs: 80 });
    assert.equal((await pathRate(stream, 80, { now })).toFixed(3), '2.000');
  });

  it('takes more bytes where the path is fast', async () => {
    const { stream, now } = path(12_500);
    assert.equal((await pathRate(stream, 0, { now })).toFixed(3), '100.000');
  });

  it('is what has come back where it takes too long', async () => {
    const { stream, now } = path(100, { most: 20_000 });
    assert.equal((await pathRate(stream, 0, { now, limitMs: 20 })).toFixed(3), '0.080');
  });

  it('is not known where nothing comes back', async () => {
    const { stream, now } = path(100, { most: 0 });
    await assert.rejects(
      pathRate(stream, 0, { now, limitMs: 20 }),
      /^Error: nothing came back within 0\.02 s$/,
    );
  });

  it('is not known where something else comes back', async () => {
    const stream: Duplex = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _, done) => {
        stream.push(Buffer.alloc(bytes.length));
        done();
      },
    });
    await assert.rejects(pathRate(stream, 0), /^Error: what came back is not what was sent$/);
  });

  it('is not known where the path breaks', async () => {
    const { stream, now } = path(100, { most: 0 });
    const measured = pathRate(stream, 0, { now });
    stream.destroy();
    await assert.rejects(measured, /^Error: the path broke while it was measured$/);
  });
});
