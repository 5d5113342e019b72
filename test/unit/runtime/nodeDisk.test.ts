import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { DiskFaults } from '../../../src/runtime/real/disk/diskFaults.ts';
import { NodeDisk } from '../../../src/runtime/real/disk/nodeDisk.ts';
import type { NodeDisks } from '../../../src/runtime/real/disk/nodeDisks.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

const run = promisify(execFile);

/** What a shell says that finds the disk in the node's folder, which is where it is. */
async function inside(disk: NodeDisk, script: string): Promise<string> {
  const { file, args } = disk.commandInside('/bin/sh', ['-c', `{ ${script}; } 2>&1 || true`]);
  const { stdout } = await run(file, args, { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
  return stdout.trim();
}

/** Skips the test, by name, on a machine that has no such disks. */
function withDisk(context: Mocha.Context, use: (disk: NodeDisk) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const disk = await NodeDisk.open(realpathSync(folder));
    if ('unavailable' in disk) return context.skip();
    try {
      await use(disk);
    } finally {
      await disk.close();
    }
  });
}

const MANY = 'head -c 50000000 /dev/zero > services/much';

describe('runtime/real/disk (needs mounts of its own)', () => {
  it('takes what is left, then nothing, and goes on once it has room again', function () {
    return withDisk(this, async (disk) => {
      await inside(disk, 'echo kept > state/journal');
      const used = disk.bytes - (await disk.free());
      const { taken, free } = await disk.fill(10_000);
      assert.ok(free >= 10_000 && free < 100_000, `${free} bytes are free`);
      assert.equal(taken + free + used, disk.bytes);
      assert.match(await inside(disk, MANY), /No space left on device/);
      assert.equal(await disk.free(), 0);
      assert.match(
        await inside(disk, 'head -c 1 /dev/zero > state/other'),
        /No space left on device/,
      );
      await disk.empty();
      assert.equal(await inside(disk, MANY), '');
      assert.equal(await inside(disk, 'cat state/journal'), 'kept');
    });
  });

  it('lets nothing inside change its size, and has no less than nothing to take', function () {
    return withDisk(this, async (disk) => {
      await disk.fill(0);
      if (process.getuid?.() !== 0) {
        assert.match(await inside(disk, 'mount -o remount,size=1g disk'), /permi|superuser/i);
      }
      await assert.rejects(disk.fill(4_096), /only 0 bytes of room/);
    });
  });

  it('is told of: what was taken, that nothing is left, and the fewest bytes seen free', function () {
    return withDisk(this, async (disk) => {
      const events: MeshEventBody[] = [];
      const disks = { of: () => disk } as unknown as NodeDisks;
      const emit = (_at: number, body: MeshEventBody) => void events.push(body);
      let onDone = (): void => undefined;
      const faults = new DiskFaults({ disks, now: () => 0, emit, onDone: () => onDone() });
      const quiet = () =>
        new Promise<void>((resolve) => {
          onDone = () => {
            if (!faults.pending) resolve();
          };
        });
      faults.fill(0, 1, 0);
      faults.fill(1, 1, 0);
      await quiet();
      faults.free(1, 1);
      faults.free(0, 1);
      await quiet();
      const told = events.map((one) => ('fault' in one ? [one.fault, one.status, one.free] : []));
      assert.deepEqual(told, [
        [1, 'not-applied', undefined],
        [0, 'acted', 0],
        [0, 'healed', 0],
      ]);
      await faults.close();
    });
  });

  it('says so when its keeper was killed from outside', function () {
    return withDisk(this, async (disk) => {
      const keeper = Number(/\/proc\/(\d+)\//.exec(disk.commandInside('', []).args.join(' '))?.[1]);
      process.kill(keeper, 'SIGKILL');
      await disk.close();
      await assert.rejects(disk.free(), /^Error: its disk cannot be looked at any more \(/);
      await assert.rejects(disk.empty(), /given room again: its keeper was ended from outside/);
    });
  });

  it('that nobody can look at any more ends no run: it is told when it was to have room again', async () => {
    const told: (string | undefined)[] = [];
    let happened = (): void => undefined;
    const looked = new Promise<void>((resolve) => {
      happened = resolve;
    });
    const disk = {
      fill: () => Promise.resolve({ taken: 1, free: 4_096 }),
      free: () => {
        happened();
        return Promise.reject(new Error('its keeper is gone'));
      },
    };
    const faults = new DiskFaults({
      disks: { of: () => disk } as unknown as NodeDisks,
      now: () => 0,
      emit: (_at, body) => void told.push(body.details),
      onDone: () => undefined,
    });
    faults.fill(0, 1, 0);
    await looked;
    faults.free(0, 1);
    await faults.close();
    assert.deepEqual(told, ['4096 bytes are left on the disk of n1', 'its keeper is gone']);
  });

  it('says why there is none', async () => {
    const disk = { unavailable: 'it takes unshare' };
    const told: string[] = [];
    const faults = new DiskFaults({
      disks: { of: () => disk } as unknown as NodeDisks,
      now: () => 0,
      emit: (_at, body) => void told.push(body.details ?? ''),
      onDone: () => undefined,
    });
    faults.fill(0, 2, 0);
    await faults.close();
    assert.deepEqual(told, ['n2 has no disk of its own: it takes unshare']);
  });
});
