import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandOf, processIds, readProcess } from '../../../src/agent/processes/procfs.ts';
import { markOf } from '../../../src/agent/processes/runMark.ts';
import { bundledChild } from '../../support/bundledChild.ts';
import { mountsHere } from '../../support/mounts.ts';
import { killProcess } from '../../support/processesInside.ts';
import { isDoor, isRelay } from '../../support/relayProcess.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

/** How often each part is killed, and the seed of the instants: for a longer trial, set them. */
const { MESH_SIM_KILLS = '1', MESH_SIM_SEED = '1' } = process.env;
/** The instant is this long at most after the part was there. */
const LATEST_MS = 1_500;

/** Without a pause, the looks take a processor from the run they wait for. An entry to a box lasts longer than this. */
const nextLook = () => delay(2);

/** Of this process alone: another one of these tests may run on the machine. */
const DAEMON = `sleep ${500_000 + process.pid}`;

/** What is known by its command line. */
const commanded = (pattern: RegExp) => (pid: number) => pattern.test(commandOf(pid));

const PARTS = {
  agent: commanded(/agent\.cjs$/),
  emulator: commanded(/switch\.cjs$/),
  'what holds a box': commanded(/^[^ ]*unshare /),
  'first process of a box, its door': isDoor,
  'entry to a box': commanded(/^[^ ]*nsenter /),
  'relay of a wire': isRelay,
} as const;

describe('runtime/real: a part of a run that is killed at any instant', () => {
  let product: TinyProduct;
  let program: string;
  let random = Number(MESH_SIM_SEED);
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    // Leaves a daemon behind that only a box would find.
    const start = `(cd / && env -i PATH="$PATH" setsid -f ${DAEMON} >/dev/null 2>&1 </dev/null); exec node server.mjs`;
    const env = { PATH: '${host.path}', PORT: '${port:http}' };
    product = await createTinyProduct([healthyService('web', { start, env })]);
    program = await bundledChild('realRunChild', product.folder);
  });
  after(async () => {
    if (process.platform === 'linux') await product.dispose();
  });

  const instant = () => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return (random / 2 ** 32) * LATEST_MS;
  };
  /** Processes of the runs of this product, none of which is among `others`: /proc is asked much about each. */
  const present = (others: ReadonlySet<number>): number[] => {
    const runs = new Set(
      readdirSync(product.folder).includes('runs')
        ? readdirSync(path.join(product.folder, 'runs'))
        : [],
    );
    return processIds().filter((pid) => {
      if (others.has(pid)) return false;
      const mark = markOf(pid);
      return typeof mark !== 'string' && runs.has(mark.simId) && readProcess(pid)?.isOver === false;
    });
  };
  const daemons = () => processIds().filter((pid) => commandOf(pid) === DAEMON);

  async function killed(part: keyof typeof PARTS | 'orchestrator'): Promise<void> {
    const mounts = mountsHere();
    const others = new Set(processIds());
    const run = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'ignore'] });
    run.stdin.end(JSON.stringify(product));
    const exited = once(run, 'exit');
    const find = () =>
      part === 'orchestrator'
        ? present(others).length > 0
          ? [run.pid ?? 0]
          : []
        : present(others).filter((pid) => PARTS[part](pid));
    while (find().length === 0 && run.exitCode === null) await nextLook();
    await delay(instant());
    const [victim] = find();
    if (victim !== undefined) killProcess(victim);
    await exited;
    // Agents learn of it by the end of their input; the rest has to be gone with its agent.
    while (present(others).length > 0) await nextLook();
    assert.deepEqual(daemons(), []);
    assert.deepEqual(mountsHere(), mounts);
  }

  for (const part of ['orchestrator', ...Object.keys(PARTS)] as const) {
    it(`leaves no process and no mount: ${part}`, async () => {
      for (let kill = 0; kill < Number(MESH_SIM_KILLS); kill += 1) {
        await killed(part as Parameters<typeof killed>[0]);
      }
    });
  }
});
