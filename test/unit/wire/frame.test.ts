import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  encodeFrame,
  frameBits,
  framePayload,
  readHeader,
  type FrameHeader,
} from '../../../src/wire/frame.ts';
import { FrameReader } from '../../../src/wire/frameReader.ts';

const header: FrameHeader = { kind: 2, from: 1, to: 3, a: 7, b: 9, c: -1, d: 0, sentAt: 12.345 };

describe('wire: frames', () => {
  it('carries header, bits and payload; numbers come back as unsigned 32-bit', () => {
    const bits = Uint32Array.of(1, 0xffffffff);
    const frame = encodeFrame(header, bits, Buffer.from('payload'));
    assert.deepEqual(readHeader(frame), { ...header, c: 0xffffffff });
    assert.deepEqual(frameBits(frame), bits);
    assert.equal(framePayload(frame).toString(), 'payload');
  });

  it('hands out the frames that were written, however the stream was cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 });
    const sizes = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, cuts, fc.boolean(), (payloads, steps, retain) => {
        const frames = payloads.map((size, i) =>
          encodeFrame({ ...header, a: i }, null, Buffer.alloc(size, i)),
        );
        const stream = Buffer.concat(frames);
        const seen: Buffer[] = [];
        const reader = new FrameReader((frame) => seen.push(retain ? frame : Buffer.from(frame)), {
          retain,
        });
        for (let at = 0, step = 0; at < stream.length; step += 1) {
          const end = at + (steps[step % steps.length] ?? 1);
          reader.push(stream.subarray(at, end));
          at = end;
        }
        assert.deepEqual(seen, frames);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a stream that is out of step', () => {
    const reader = new FrameReader(() => undefined, { retain: false });
    assert.throws(() => reader.push(Buffer.from('GET / HTTP/1.1\r\n')), /out of step/);
  });
});
