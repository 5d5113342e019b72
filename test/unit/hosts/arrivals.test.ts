import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ArrivalTimes } from '../../../src/runtime/hosts/keeper/arrivals.ts';
import { DoorWatch } from '../../../src/runtime/hosts/keeper/doorWatch.ts';
import { encodeFrame, PACKETS_FOLLOW, stampDue, WIRE } from '../../../src/wire/frame.ts';
import { LENGTH_BYTES, writePacketHead } from '../../../src/wire/packets.ts';
import { ipv4Packet } from '../../support/ipv4.ts';

/** ms of the host's clock at which the run began. */
const ORIGIN = 5_000;

function frame(kind: number, from: number, a: number, payload: number, dueMs = 0): Buffer {
  const header = { kind, from, to: 1, a, b: 0, c: 0, d: 0, sentAt: 0 };
  const bytes = encodeFrame(header, null, Buffer.alloc(payload));
  if (dueMs > 0) stampDue(bytes, dueMs);
  return bytes;
}

function packet(from: number, dueMs: number): Buffer {
  const bytes = ipv4Packet({ from, to: 1 });
  const head = Buffer.alloc(LENGTH_BYTES);
  writePacketHead(head, 0, bytes.length, dueMs);
  return Buffer.concat([head, bytes]);
}

/** The stream in pieces of these sizes in turn, all at that time of the run. */
function seen(stream: Buffer, atMs: number, sizes: readonly number[] = [stream.length]) {
  const arrivals = new ArrivalTimes();
  arrivals.origin = ORIGIN;
  const watch = new DoorWatch(arrivals);
  for (let at = 0, step = 0; at < stream.length; step += 1) {
    const end = at + sizes[step % sizes.length]!;
    watch.push(stream.subarray(at, end), ORIGIN + atMs);
    at = end;
  }
  return arrivals.report();
}

describe('what comes to a node on another host', () => {
  const welcome = (a: number) => frame(WIRE.welcome, 1, a, 0);
  const frames = [frame(2, 0, 0, 900, 90), frame(3, 2, 0, 0, 95), frame(2, 0, 0, 70_000, 100)];
  const packets = [packet(2, 80), packet(0, 100)];

  it('is seen whole, whoever sent it, however the stream is cut', () => {
    const ofFrames = Buffer.concat([welcome(0), ...frames]);
    const ofPackets = Buffer.concat([welcome(PACKETS_FOLLOW), ...packets]);
    const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(sizes, (cut) => {
        const links = seen(ofFrames, 100, cut)?.links ?? [];
        assert.deepEqual(
          links.map(({ from, count, errorMs }) => [
            from,
            count,
            errorMs.p50,
            Math.round(errorMs.p99),
          ]),
          [
            ['n0', 2, 0, 10],
            ['n2', 1, links[1]?.errorMs.p99, 5],
          ],
        );
        assert.deepEqual(
          seen(ofPackets, 100, cut)?.links.map(({ from, count, errorMs }) => [
            ...[from, count, Math.round(errorMs.p99)],
          ]),
          [
            ['n0', 1, 0],
            ['n2', 1, 20],
          ],
        );
      }),
      { numRuns: 60 },
    );
  });

  it('may be early, which is told apart', () => {
    const early = seen(Buffer.concat([welcome(0), ...frames]), 97.5);
    assert.equal(early?.earlyMs, 2.5);
  });

  it('counts from when its host is told what time it was when the run began', () => {
    const arrivals = new ArrivalTimes();
    new DoorWatch(arrivals).push(Buffer.concat([welcome(0), ...frames]), 100);
    assert.equal(arrivals.report(), null);
  });

  it('is not guessed at where the stream makes no sense', () => {
    assert.equal(seen(Buffer.alloc(400), 100), null);
  });
});
