import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { launcherFiles, writeLauncher } from '../../../src/host/terminalLauncher.ts';

const execute = promisify(execFile);

describe('the launcher of terminals', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-launcher-'))));
  after(() => rm(folder, { recursive: true }));

  it("runs the program with the editor's Node.js, whatever their paths have in them, and passes words and exit codes on", async () => {
    const odd = path.join(folder, `it's "a" $HOME %PATH% folder`);
    await mkdir(odd);
    const node = path.join(odd, 'node');
    const program = path.join(odd, 'program.cjs');
    await symlink(process.execPath, node);
    await writeFile(
      program,
      'console.log(JSON.stringify([process.argv.slice(2), process.env.ELECTRON_RUN_AS_NODE])); process.exitCode = 4;',
    );
    const bin = path.join(folder, 'bin');
    await writeLauncher(bin, { node, program });
    const words = ['a b', "it's", '$HOME', '*'];
    const ran = execute(path.join(bin, 'mesh-sim'), words);
    await assert.rejects(ran, { code: 4, stdout: `${JSON.stringify([words, '1'])}\n` });
  });

  it('is written whole, and again only where it differs', async () => {
    const bin = path.join(folder, 'again');
    const launcher = { node: process.execPath, program: '/one.cjs' };
    const written = async () => (await stat(path.join(bin, 'mesh-sim'))).ino;
    await writeLauncher(bin, launcher);
    const first = await written();
    await writeLauncher(bin, launcher);
    assert.equal(await written(), first);
    await writeLauncher(bin, { ...launcher, program: '/two.cjs' });
    assert.notEqual(await written(), first);
    assert.deepEqual((await readdir(bin)).sort(), ['mesh-sim', 'mesh-sim.cmd']);
  });

  it('speaks to the shells of Windows in their own way', () => {
    const files = launcherFiles({
      node: 'C:\\VS Code\\Code.exe',
      program: 'C:\\100%\\meshSim.cjs',
    });
    assert.equal(
      files['mesh-sim.cmd'],
      '@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n"C:\\VS Code\\Code.exe" "C:\\100%%\\meshSim.cjs" %*\r\n',
    );
  });
});
