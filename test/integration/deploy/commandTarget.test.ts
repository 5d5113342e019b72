import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';

const QUICK = { intervalMs: 50, deadlineMs: 1_500 };

/** A zombie nobody waits for is not running. */
async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await execa('ps', ['-o', 'stat=', '-p', String(pid)], { reject: false });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('deploying by a command', () => {
  let world: DeployWorld;
  beforeEach(async () => (world = await createDeployWorld()));
  afterEach(() => world.dispose());

  it('hands it the verified tree and the facts, without the secrets of simulations', async () => {
    process.env.MESH_SIM_SECRET_TOKEN = 'hunter2';
    try {
      const run = 'ls -d web capsule.json; echo "$MESH_SIM_ENVIRONMENT $MESH_SIM_ACTION"; env';
      await world.describe({ staging: { target: { kind: 'command', run } } });
      assert.equal((await world.deploy('staging', await world.pack())).status, 'deployed');
      assert.deepEqual(world.lines.slice(0, 3), ['capsule.json', 'web', 'staging deploy']);
      assert.ok(!world.lines.join('\n').includes('hunter2'));
    } finally {
      delete process.env.MESH_SIM_SECRET_TOKEN;
    }
  });

  it('runs again with the Capsule before when the new one is not healthy', async () => {
    const log = path.join(world.outside, 'log');
    const run = ['sh', '-c', `echo "$MESH_SIM_ACTION $MESH_SIM_CAPSULE" >> '${log}'`];
    const target = { kind: 'command', run };
    await world.describe({ staging: { target } });
    const [good, bad] = [await world.pack(), await world.packChange('2')];
    await world.deploy('staging', good);
    await world.describe({
      staging: { target: { ...target, health: [{ command: 'false', ...QUICK }] } },
    });
    assert.equal((await world.deploy('staging', bad)).status, 'failed');
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(lines, [`deploy ${good}`, `deploy ${bad}`, `rollback ${good}`]);
  });

  it('ends a command that takes too long, with everything it started', async () => {
    const pidFile = path.join(world.outside, 'pid');
    const run = `sh -c 'echo $$ > "${pidFile}"; exec sleep 300' & wait`;
    await world.describe({
      staging: { target: { kind: 'command', run, rollback: 'true', timeoutMs: 1_500 } },
    });
    const { recorded } = await world.deploy('staging', await world.pack());
    assert.match(recorded?.record.cause ?? '', /took longer than 1500 ms/);
    const pid = Number(await readFile(pidFile, 'utf8'));
    assert.equal(await isRunning(pid), false);
  });

  it('waits no longer for what left the group with its output in hand, and says so', async () => {
    const pidFile = path.join(world.outside, 'pid');
    const script = `
      const { pid } = require('child_process')
        .spawn('sleep', ['300'], { detached: true, stdio: 'inherit' });
      require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(pid));
      process.exit(0)`;
    const run = [process.execPath, '-e', script];
    const target = { kind: 'command', rollback: 'true', timeoutMs: 500 };
    await world.describe({ staging: { target: { ...target, run } } });
    const { recorded } = await world.deploy('staging', await world.pack());
    process.kill(Number(await readFile(pidFile, 'utf8')));
    assert.match(recorded?.record.cause ?? '', /left something running .* longer than 500 ms/);
  });

  it('signs no escape sequence of a command', async () => {
    const run = String.raw`printf '\033[31mred\033[0m\007\n'; exit 9`;
    await world.describe({ staging: { target: { kind: 'command', rollback: 'true', run } } });
    const { recorded } = await world.deploy('staging', await world.pack());
    assert.match(recorded?.record.cause ?? '', /Its last line: red\uFFFD\.$/);
  });

  it('says so when there is nothing to go back to', async () => {
    await world.describe({ staging: { target: { kind: 'command', run: 'exit 9' } } });
    const { recorded } = await world.deploy('staging', await world.pack());
    assert.match(recorded?.record.cause ?? '', /exited with code 9.*undo it by hand/);
  });
});
