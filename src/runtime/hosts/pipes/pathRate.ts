import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { systemClock } from '../../../base/clock.ts';

const FIRST_BYTES = 64 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
/** Each probe is as many times the one before. */
const GROWTH = 4;
/** A probe that takes so long tells a rate; one that is shorter tells what programs take to wake up. */
const ENOUGH_MS = 60;
/** So many of that size: the best counts, since other work can only slow them. */
const TRIES = 3;
/** Of a probe: what has come back by then is what the path carries. */
const LIMIT_MS = 3_000;
const BITS = 8;

export interface PathRateOptions {
  readonly firstBytes?: number;
  readonly limitMs?: number;
  /** ms of a monotonic clock. */
  readonly now?: () => number;
}

/**
 * What a path carries each way, both at once, in Mbit/s: bytes that cannot be compressed go over a stream whose other end sends them back,
 * four times as many each time until that takes long enough to tell.
 * @param rttMs of one byte, which says nothing about the rate
 * @throws Error where nothing comes back, one clause
 */
export async function pathRate(
  stream: Duplex,
  rttMs: number,
  options: PathRateOptions = {},
): Promise<number> {
  const { firstBytes = FIRST_BYTES, limitMs = LIMIT_MS } = options;
  const { now = () => systemClock.monotonic() } = options;
  const rates: number[] = [];
  try {
    for (let bytes = firstBytes; rates.length < TRIES;) {
      const { came, tookMs } = await probe(stream, bytes, { limitMs, now });
      const carryingMs = tookMs - rttMs;
      const isWhole = came === bytes;
      if (isWhole && carryingMs < ENOUGH_MS && bytes < MOST_BYTES) bytes *= GROWTH;
      else rates.push((came * BITS) / (Math.max(carryingMs, 1) * 1_000));
      // What is still to come back would be counted to the next one.
      if (!isWhole) break;
    }
  } finally {
    stream.destroy();
  }
  const best = Math.max(...rates);
  if (best === 0) throw new Error(`nothing came back within ${limitMs / 1_000} s`);
  return best;
}

function probe(
  stream: Duplex,
  bytes: number,
  { limitMs, now }: Required<Pick<PathRateOptions, 'limitMs' | 'now'>>,
): Promise<{ readonly came: number; readonly tookMs: number }> {
  return new Promise((resolve, reject) => {
    const begin = now();
    const sent = randomBytes(bytes);
    let came = 0;
    const done = () => {
      clearTimeout(limit);
      stream.off('data', take).off('close', closed);
      resolve({ came, tookMs: now() - begin });
    };
    const take = (piece: Buffer) => {
      // Nobody can send back what has not come yet.
      if (!piece.equals(sent.subarray(came, came + piece.length))) {
        broken('what came back is not what was sent');
        return;
      }
      came += piece.length;
      if (came >= bytes) done();
    };
    const broken = (why: string) => {
      clearTimeout(limit);
      stream.off('data', take).off('close', closed);
      reject(new Error(why));
    };
    const closed = () => broken('the path broke while it was measured');
    const limit = setTimeout(done, limitMs);
    stream.on('data', take).once('close', closed);
    stream.write(sent);
  });
}
