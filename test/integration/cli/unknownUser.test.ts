import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { DIST } from '../../support/commandLine.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';

const NOBODY = { uid: 61_803, gid: 61_803 };
const MESH_SIM = path.join(DIST, 'meshSim.cjs');

/** Whether that user may run what the tests run. */
function mayRun(): boolean {
  return spawnSync(process.execPath, [MESH_SIM, '--version'], { ...NOBODY }).status === 0;
}

describe('a user without an entry in the list of users (needs root), as in many containers', () => {
  it('rehearses a product that is built, with the home folder that HOME names', async function () {
    if (process.getuid?.() !== 0 || !mayRun()) this.skip();
    const build = ['node', '-e', "require('node:fs').writeFileSync('built.txt', 'built')"];
    const product = await createTinyRepository([healthyService('web', { build })]);
    try {
      const home = path.join(product.folder, 'home');
      await mkdir(home);
      execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, product.folder]);
      const env = { PATH: process.env.PATH, HOME: home };
      const run = (args: string[]) =>
        execa(process.execPath, [MESH_SIM, ...args], {
          ...NOBODY,
          ...{ cwd: product.repo, env, extendEnv: false, reject: false, stdin: 'ignore' },
        });
      const { stdout: capsule, stderr } = await run(['pack']);
      assert.match(capsule, /^[0-9a-f]{64}$/, stderr);
      const plan = ['--nodes', '2', '--latency', '1-5', '--quiet'];
      const rehearsed = await run(['--capsule', capsule, ...plan]);
      assert.equal(rehearsed.exitCode, 0, rehearsed.stdout + rehearsed.stderr);
    } finally {
      await rm(product.folder, { recursive: true, force: true });
    }
  });
});
