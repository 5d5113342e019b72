import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandOf, processIds, readProcess } from '../../../src/agent/processes/procfs.ts';
import { markOf } from '../../../src/agent/processes/runMark.ts';
import { killProcess } from '../../support/processesInside.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

/** How often each part is killed, and the seed of the instants: for a longer trial, set them. */
const { MESH_SIM_KILLS = '1', MESH_SIM_SEED = '1' } = process.env;
const RUN = path.join(import.meta.dirname, '../../support/realRunChild.ts');
/** The instant is this long at most after the part was there. */
const LATEST_MS = 1_500;

/** What a part of a run is known by in its command line. */
const PARTS = {
  agent: /agent\.cjs$/,
  emulator: /switch\.cjs$/,
  door: /^(?!.*unshare).*door\.cjs$/,
  'first process of a box': /^\/bin\/sh -c ip=/,
  'entry to a box': /nsenter /,
  'relay of a wire': /^(?!.*nsenter).*relay\.(pl|py) /,
} as const;

describe('runtime/real: a part of a run that is killed at any instant', () => {
  let product: TinyProduct;
  let random = Number(MESH_SIM_SEED);
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    // Leaves a daemon behind that only a box would find.
    const start =
      '(cd / && env -i PATH="$PATH" setsid -f sleep 500000 >/dev/null 2>&1 </dev/null); exec node server.mjs';
    const env = { PATH: '${host.path}', PORT: '${port:http}' };
    product = await createTinyProduct([healthyService('web', { start, env })]);
  });
  after(async () => {
    if (process.platform === 'linux') await product.dispose();
  });

  const instant = () => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return (random / 2 ** 32) * LATEST_MS;
  };
  /** Processes of the runs of this product. */
  const present = (): number[] => {
    const runs = new Set(
      readdirSync(product.folder).includes('runs')
        ? readdirSync(path.join(product.folder, 'runs'))
        : [],
    );
    return processIds().filter((pid) => {
      const mark = markOf(pid);
      return typeof mark !== 'string' && runs.has(mark.simId) && readProcess(pid)?.isOver === false;
    });
  };
  const daemons = () => processIds().filter((pid) => commandOf(pid) === 'sleep 500000');

  async function killed(part: keyof typeof PARTS | 'orchestrator'): Promise<void> {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    const run = spawn(process.execPath, [RUN], { stdio: ['pipe', 'ignore', 'ignore'] });
    run.stdin.end(JSON.stringify(product));
    const exited = once(run, 'exit');
    const find = () =>
      part === 'orchestrator'
        ? present().length > 0
          ? [run.pid ?? 0]
          : []
        : present().filter((pid) => PARTS[part].test(commandOf(pid)));
    while (find().length === 0 && run.exitCode === null) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, instant()));
    const [victim] = find();
    if (victim !== undefined) killProcess(victim);
    await exited;
    // Agents learn of it by the end of their input; the rest has to be gone with its agent.
    while (present().length > 0) await new Promise(setImmediate);
    assert.deepEqual(daemons(), []);
    assert.equal(readFileSync('/proc/self/mountinfo', 'utf8'), mounts);
  }

  for (const part of ['orchestrator', ...Object.keys(PARTS)] as const) {
    it(`leaves no process and no mount: ${part}`, async () => {
      for (let kill = 0; kill < Number(MESH_SIM_KILLS); kill += 1) {
        await killed(part as Parameters<typeof killed>[0]);
      }
    });
  }
});
