import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { BoxLost } from '../../../src/agent/box/opening.ts';
import { doorPrograms } from '../../../src/agent/box/doorProgram.ts';
import { openNodeBox } from '../../../src/agent/box/nodeBox.ts';
import { descendantsOf } from '../../../src/agent/processes/processTree.ts';
import { commandOf } from '../../../src/agent/processes/procfs.ts';
import { DIST } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { killProcess } from '../../support/processesInside.ts';

const DOOR = path.join(DIST, 'door.cjs');
const DOORS = doorPrograms(DOOR).map(({ file, args, firstProcess = args }) =>
  [file, ...firstProcess].join(' '),
);
/** The later kills find the box open. */
const TURNS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256];

describe('agent/box: whose door is ended while it opens', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = () =>
    openNodeBox({
      door: DOOR,
      index: 0,
      meshAddresses: () => undefined,
      folder,
      cover: [],
      deny: [],
      owners: new Map(),
      ports: [443],
      onDenied: () => undefined,
    });
  const doors = () =>
    descendantsOf(process.pid).filter((pid) =>
      DOORS.some((door) => commandOf(pid).startsWith(door)),
    );

  /** Ends a door so many turns of the event loop after it was there. */
  async function openAndKill(turns: number): Promise<string> {
    const opening = open();
    opening.catch(() => undefined);
    while (doors().length === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    for (const pid of doors()) killProcess(pid);
    try {
      const found = await opening;
      if ('unavailable' in found) return `a machine without boxes: ${found.unavailable}`;
      const { isolation } = found.box;
      await found.close();
      return isolation;
    } catch (error) {
      return error instanceof BoxLost ? 'lost' : String(error);
    }
  }

  it('is lost, and never a lesser box, nor a machine that has none', async function () {
    const found = await open();
    if ('unavailable' in found) this.skip();
    const { isolation } = found.box;
    await found.close();
    const ended: string[] = [];
    for (const turns of TURNS) ended.push(await openAndKill(turns));
    assert.deepEqual(
      ended.filter((one) => one !== 'lost' && one !== isolation),
      [],
    );
    assert.ok(ended.includes('lost'), ended.join(', '));
  });

  it('is not lost, but none is to be had, where a filter of system calls kills without a word', function () {
    const python = spawnSync('python3', ['--version']);
    if (process.platform !== 'linux' || python.status !== 0) {
      this.test!.title += ' (needs python3 on Linux)';
      this.skip();
    }
    const [filter, node] = ['killAtUnshare.py', 'lesserNode.ts'].map((name) =>
      path.join(import.meta.dirname, '../../support', name),
    );
    const args = [filter!, process.execPath, node!, DOOR, folder];
    const { stdout, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
    assert.equal(stdout, 'a filter of system calls keeps unshare from its work\n', stderr);
  });
});
