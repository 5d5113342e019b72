import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { NetworkLink } from '../../../src/agent/networkLink.ts';
import { encodeFrame } from '../../../src/wire/frame.ts';

/** Lets everybody in; at the first bytes after the greeting it says so where the main thread can wait for it. */
const EMULATOR = `
const { parentPort, workerData } = require('node:worker_threads');
const arrived = new Int32Array(workerData);
require('node:net').createServer((socket) => {
  socket.once('data', () => {
    parentPort.postMessage('greeted');
    socket.once('data', () => { Atomics.store(arrived, 0, 1); Atomics.notify(arrived, 0); });
  });
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;

const NEVER_MS = 20_000;

describe('agent/networkLink', () => {
  it('has sent a frame before its node does anything else, such as starting a program', async () => {
    const shared = new SharedArrayBuffer(4);
    const emulator = new Worker(EMULATOR, { eval: true, workerData: shared });
    try {
      const [port] = (await once(emulator, 'message')) as [number];
      const ignore = () => undefined;
      const link = new NetworkLink({
        port,
        token: 'token',
        index: 0,
        incarnation: 0,
        onReady: ignore,
        onFrame: ignore,
        onClosed: ignore,
      });
      await once(emulator, 'message');
      const header = { kind: 1, from: 0, to: 1, a: 0, b: 0, c: 0, d: 0, sentAt: 0 };
      const waited = await new Promise((resolve) => {
        setImmediate(() => {
          link.send(encodeFrame(header, null, null));
          // Blocks the thread, as the start of a process does.
          queueMicrotask(() => resolve(Atomics.wait(new Int32Array(shared), 0, 0, NEVER_MS)));
        });
      });
      assert.notEqual(waited, 'timed-out');
    } finally {
      await emulator.terminate();
    }
  });
});
