import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { NetworkLink } from '../../../src/agent/networkLink.ts';
import { encodeFrame } from '../../../src/wire/frame.ts';

/**
 * Takes the greeting. From then on it reads when it is told to: says where the main thread can wait for it that something has
 * come, and, at the end, when the frames it got were sent.
 */
const EMULATOR = `
const { parentPort, workerData } = require('node:worker_threads');
const arrived = new Int32Array(workerData);
const sentAt = (bytes) => {
  const times = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at)) times.push(bytes.readDoubleLE(at + 32));
  return times;
};
require('node:net').createServer((socket) => {
  socket.once('data', () => {
    socket.pause();
    const chunks = [];
    parentPort.on('message', (bytes) => {
      let left = bytes;
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        Atomics.store(arrived, 0, 1);
        Atomics.notify(arrived, 0);
        left -= chunk.length;
        if (left === 0) parentPort.postMessage(sentAt(Buffer.concat(chunks)));
      });
      socket.resume();
    });
    parentPort.postMessage('greeted');
  });
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;

const NEVER_MS = 20_000;

describe('agent/networkLink', () => {
  let emulator: Worker;
  let arrived: Int32Array;
  let link: NetworkLink;
  let now: number;

  beforeEach(async () => {
    const shared = new SharedArrayBuffer(4);
    arrived = new Int32Array(shared);
    emulator = new Worker(EMULATOR, { eval: true, workerData: shared });
    now = 0;
    const [port] = (await once(emulator, 'message')) as [number];
    const ignore = () => undefined;
    link = new NetworkLink({
      ...{ port, token: 'token', index: 0, incarnation: 0, now: () => now },
      ...{ onReady: ignore, onFrame: ignore, onClosed: ignore },
    });
    await once(emulator, 'message');
  });
  afterEach(() => emulator.terminate());

  const frameOf = (bytes: number) => {
    const header = { kind: 1, from: 0, to: 1, a: 0, b: 0, c: 0, d: 0, sentAt: -1 };
    return encodeFrame(header, null, new Uint8Array(bytes));
  };

  it('has sent a frame before its node does anything else, such as starting a program', async () => {
    const frame = frameOf(10);
    emulator.postMessage(frame.length);
    const waited = await new Promise((resolve) => {
      setImmediate(() => {
        link.send(frame);
        // Blocks the thread, as the start of a process does.
        queueMicrotask(() => resolve(Atomics.wait(arrived, 0, 0, NEVER_MS)));
      });
    });
    assert.notEqual(waited, 'timed-out');
  });

  it('says of a frame that waits for the connection that it was sent when it left', async () => {
    const [count, bytes] = [400, 100_000];
    for (let i = 0; i < count; i += 1) link.send(frameOf(bytes));
    // What the system takes has left; nobody reads the rest.
    await new Promise(setImmediate);
    now = 1_000;
    emulator.postMessage(count * frameOf(bytes).length);
    const [times] = (await once(emulator, 'message')) as [number[]];
    const left = times.filter((time) => time === 0).length;
    assert.ok(left > 0 && left < count, `${left}`);
    const waited = Array.from({ length: count - left }, () => now);
    assert.deepEqual(times, [...Array.from({ length: left }, () => 0), ...waited]);
  });
});
