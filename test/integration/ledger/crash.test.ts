import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { drawUint32 } from '../../../src/base/random.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { bundledChild } from '../../support/bundledChild.ts';
import { entryNumber } from '../../support/ledgerEntries.ts';
import { LOG_KEY } from '../../support/sealedRun.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

/** In how many ledgers processes are killed: for a longer trial, set it. */
const { MESH_SIM_KILLS = '2' } = process.env;
const KILLS_OF_ONE = 4;

let program: string;

function appender(folder: string, count?: number): ChildProcess {
  const args = [program, folder, ...(count === undefined ? [] : [String(count)])];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What a process said was on disk: ledger index → entry number. */
async function acknowledged(
  child: ChildProcess,
  seen: (count: number) => void = () => undefined,
): Promise<Map<number, number>> {
  const acknowledgements = new Map<number, number>();
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout! })) {
    const match = /^(\d+) (\d+)$/.exec(line);
    if (match === null) continue;
    acknowledgements.set(Number(match[1]), Number(match[2]));
    seen(acknowledgements.size);
  }
  await closed;
  return acknowledgements;
}

async function assertHolds(folder: string, acknowledgements: Map<number, number>): Promise<void> {
  const ledger = await Ledger.open(folder, LOG_KEY);
  const audit = await ledger.verify();
  assert.equal(audit.problem, undefined);
  const entries = await ledger.entries();
  for (const [index, number] of acknowledgements) {
    assert.deepEqual(entries[index]?.entry, entryNumber(number), `entry ${index}`);
  }
}

/** Kills an appending process right after its n-th acknowledgement: the next append is then under way. */
async function killAfter(
  folder: string,
  count: number,
  delayMicroseconds: number,
): Promise<Map<number, number>> {
  const child = appender(folder);
  return acknowledged(child, (seen) => {
    if (seen !== count) return;
    const end = process.hrtime.bigint() + BigInt(delayMicroseconds) * 1000n;
    while (process.hrtime.bigint() < end);
    child.kill('SIGKILL');
  });
}

describe('a ledger whose process is killed', () => {
  let programs: string;
  before(async () => {
    programs = await temporaryFolder();
    program = await bundledChild('appendForever', programs);
  });
  after(() => rm(programs, { recursive: true }));

  it('still has every acknowledged entry, killed at different instants', async () => {
    // Side by side: a lock of a killed process is only taken over after some seconds.
    const ledgers = Array.from({ length: Number(MESH_SIM_KILLS) }, (_, number) =>
      withTemporaryFolder(async (folder) => {
        const all = new Map<number, number>();
        for (let kill = 0; kill < KILLS_OF_ONE; kill += 1) {
          const draw = (what: number, below: number) => drawUint32(609, number, kill, what) % below;
          const survived = await killAfter(folder, 1 + draw(1, 90), draw(2, 4000));
          for (const [index, entry] of survived) {
            assert.ok(!all.has(index), 'an index is given out once');
            all.set(index, entry);
          }
          await assertHolds(folder, all);
        }
        assert.ok(all.size >= KILLS_OF_ONE);
      }),
    );
    await Promise.all(ledgers);
  }).timeout(120_000);

  it('takes all entries of two processes that append at once', () =>
    withTemporaryFolder(async (folder) => {
      const [first, second] = await Promise.all([
        acknowledged(appender(folder, 40)),
        acknowledged(appender(folder, 40)),
      ]);
      await assertHolds(folder, new Map([...first, ...second]));
      assert.equal(first.size + second.size, 80);
      assert.equal(new Set([...first.keys(), ...second.keys()]).size, 80);
    })).timeout(60_000);
});
