import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { MeshSimError } from '../../../src/base/errors.ts';
import { pcapngPacket, readBlocks } from '../../../src/runtime/pcapng.ts';
import { CaptureFile } from '../../../src/studio/runs/captureFile.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { ipv4Packet } from '../../support/ipv4.ts';

const BLOCK = pcapngPacket({ node: 0, at: 1_000, packet: ipv4Packet(), comment: 'delivered' });

describe('the capture of a run on disk', () => {
  let folder: string;
  let failures: MeshSimError[];
  beforeEach(async () => {
    folder = await temporaryFolder();
    failures = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const openWith = (limitBytes?: number) =>
    new CaptureFile({
      folder,
      mode: 'headers',
      onFailure: (error) => failures.push(error),
      ...(limitBytes === undefined ? {} : { limitBytes }),
    });
  const captured = (blocks: Uint8Array = BLOCK) => ({ blocks, packets: 1, at: 1_000 });
  const bytesOf = async (name: string) => readFile(path.join(folder, name));

  it('is a file from the beginning, whether packets come or not', async () => {
    await openWith().close();
    assert.deepEqual(await readdir(folder), ['capture-headers.0']);
    assert.equal((await bytesOf('capture-headers.0')).length, 0);
  });

  it('keeps the newest packets and takes no more of the disk than its limit', async () => {
    const limit = 10 * BLOCK.length;
    const file = openWith(limit);
    for (let packet = 0; packet < 27; packet += 1) file.write(captured());
    await file.close();
    assert.deepEqual(failures, []);
    assert.deepEqual((await readdir(folder)).sort(), ['capture-headers.4', 'capture-headers.5']);
    const parts = [await bytesOf('capture-headers.4'), await bytesOf('capture-headers.5')];
    assert.deepEqual(
      parts.map((part) => readBlocks(part).packets),
      [5, 2],
    );
  });

  it('lets go of what a slow disk has no time for, and says how much that was', async () => {
    const file = openWith();
    const huge = Buffer.alloc(33 * 1024 * 1024);
    file.write({ blocks: huge, packets: 20_000, at: 1_000 });
    file.write(captured());
    await file.close();
    const { packets, dropped } = readBlocks(await bytesOf('capture-headers.0'));
    assert.deepEqual([packets, dropped], [1, 20_000]);
  });

  it('is told of at once when it cannot be written, and not closed as if it had been', async () => {
    await rm(folder, { recursive: true });
    const file = openWith();
    file.write(captured());
    await assert.rejects(file.close(), (error: MeshSimError) => error.code === 'disk-failed');
    assert.equal(failures[0]?.code, 'disk-failed');
    folder = await temporaryFolder();
  });
});
