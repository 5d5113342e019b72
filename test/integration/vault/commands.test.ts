import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createCommandLine, DIST, type CommandLine } from '../../support/commandLine.ts';
import { fillVault } from '../../support/fillVault.ts';

const PASSPHRASE = 'correct horse battery';

describe('mesh-sim vault', () => {
  let commands: CommandLine;
  let folder: string;
  beforeEach(async () => {
    commands = await createCommandLine();
    folder = path.dirname(commands.configFolder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const fill = (scope: string, secrets: Readonly<Record<string, string>>) =>
    fillVault(commands.configFolder, PASSPHRASE, scope, secrets);

  /** With `input` on its stdin, and the passphrase in the environment. */
  async function vault(
    args: readonly string[],
    input: string | Buffer = '',
    passphrase = PASSPHRASE,
  ) {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [path.join(DIST, 'meshSim.cjs'), 'vault', ...args],
      {
        cwd: folder,
        env: { ...commands.environment, MESH_SIM_VAULT_PASSPHRASE: passphrase },
        extendEnv: false,
        reject: false,
        input,
      },
    );
    return { exitCode, stdout, stderr };
  }

  it('stores from a pipe, lists names and scopes without values, and forgets', async () => {
    await fill('sim', { TOKEN: 'some-value' });
    await fill('production', { KEY: 'some-value' });
    const listed = await vault(['list']);
    assert.equal(listed.stdout, 'production  KEY\nsim  TOKEN');
    assert.equal(
      (await vault(['list', '--scope', 'sim', '--json'])).stdout,
      '{"scope":"sim","name":"TOKEN"}',
    );
    assert.match((await vault(['rm', 'OTHER'])).stderr, /^secret-missing: .*no secret OTHER/);
    const stored = await vault(['set', 'OTHER'], '-----BEGIN\nMIIE\n-----END\n');
    assert.deepEqual(stored, {
      exitCode: 0,
      stdout: 'OTHER is stored in the scope "sim".',
      stderr: '',
    });
    assert.equal((await vault(['rm', 'TOKEN'])).exitCode, 0);
    assert.equal((await vault(['list', '--scope', 'sim'])).stdout, 'sim  OTHER');
  });

  it('stores no value as something else than it is', async () => {
    const latin1 = Buffer.from('NAME=caf\xe9 latin', 'latin1');
    await writeFile(path.join(folder, 'latin.env'), latin1);
    const imported = await vault(['import', 'latin.env']);
    assert.equal(imported.exitCode, 2);
    assert.match(imported.stderr, /^secret-invalid: latin\.env is not UTF-8 text/);
    const piped = await vault(['set', 'NAME'], latin1);
    assert.equal(piped.exitCode, 2);
    assert.match(piped.stderr, /^secret-invalid: The value that is piped in is not UTF-8 text/);
    assert.equal((await vault(['list'])).stdout, '');
  });

  it('passes over files in its folder that are no scope of its own', async () => {
    await fill('sim', { TOKEN: 'some-value' });
    await writeFile(path.join(commands.configFolder, 'vault', 'Some Copy.age'), 'anything');
    assert.equal((await vault(['list'])).stdout, 'sim  TOKEN');
  });

  it('never takes a value as an argument, and does not repeat it when given one', async () => {
    const { exitCode, stderr } = await vault(['set', 'TOKEN', 'hunter2hunter2']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^usage: .*takes the name alone/);
    assert.ok(!stderr.includes('hunter2'));
    assert.equal((await vault(['list'])).stdout, '');
  });

  it('imports the secrets of a .env file and names what is left, or nothing where a line cannot be read', async () => {
    await writeFile(
      path.join(folder, '.env'),
      'TOKEN="first value"\nPORT=3000\nexport OTHER=second-value # why\nDEBUG=\n',
    );
    const imported = (await vault(['import', '.env'])).stdout;
    assert.match(imported, /^Stored in the scope "sim": TOKEN, OTHER\.\nLeft: PORT \(line 2\) is /);
    assert.match(
      imported,
      /; DEBUG \(line 4\) is shorter than 6 .* "env" of its service, or .* "envFiles"\.$/,
    );
    assert.ok(!imported.includes('3000'));
    await writeFile(path.join(folder, 'bad.env'), 'PIN=1234\n');
    const refused = await vault(['import', 'bad.env']);
    assert.equal(refused.exitCode, 2);
    assert.match(
      refused.stderr,
      /^secret-invalid: bad\.env has no secret that can be stored: PIN \(line 1\) is shorter than 6/,
    );
    assert.ok(!refused.stderr.includes('1234'));
    await writeFile(path.join(folder, 'worse.env'), 'THIRD=third-value\nwhat is this\n');
    assert.match(
      (await vault(['import', 'worse.env'])).stderr,
      /worse\.env, line 2: expected NAME=value/,
    );
    assert.match((await vault(['import', 'none.env'])).stderr, /^usage: none\.env cannot be read/);
    assert.equal((await vault(['list'])).stdout, 'sim  OTHER\nsim  TOKEN');
  });

  it('says in one sentence what is wrong with the passphrase or the file', async () => {
    await fill('sim', { TOKEN: 'some-value' });
    const wrong = await vault(['list'], '', 'something else');
    assert.match(wrong.stderr, /^vault-locked: The passphrase does not open the vault scope "sim"/);
    const none = await vault(['list'], '', '');
    assert.match(none.stderr, /^vault-locked: .*set MESH_SIM_VAULT_PASSPHRASE, or run/);
    const weak = await vault(['set', 'TOKEN', '--scope', 'staging'], 'piped-value', 'short');
    assert.match(weak.stderr, /^vault-locked: The passphrase is too short/);
    assert.match((await vault(['set', 'TOKEN'])).stderr, /^usage: .*pipe the value in/);
    assert.match(
      (await vault(['list', '--scope', '../x'])).stderr,
      /^usage: "\.\.\/x" is no vault scope/,
    );
    await writeFile(path.join(commands.configFolder, 'vault', 'sim.age'), 'damaged');
    assert.match((await vault(['list'])).stderr, /^vault-damaged: .*sim\.age is damaged/);
    for (const { exitCode, stderr } of [wrong, none, weak]) {
      assert.equal(exitCode, 2);
      assert.equal(stderr.split('\n').length, 1, stderr);
    }
  });

  it('asks on a terminal without showing what is typed', async function () {
    if (process.platform !== 'linux' || (await execa('script', ['-V'], { reject: false })).failed) {
      this.skip();
    }
    const meshSim = `${process.execPath} ${path.join(DIST, 'meshSim.cjs')}`;
    /** Types each answer when its question is there. */
    const typed = async (
      command: string,
      answers: readonly [question: string, answer: string][],
    ) => {
      const terminal = execa('script', ['-qec', `${meshSim} vault ${command}`, '/dev/null'], {
        cwd: folder,
        env: { ...commands.environment, MESH_SIM_VAULT_PASSPHRASE: undefined },
        extendEnv: false,
        reject: false,
      });
      let screen = '';
      const waiting = [...answers];
      terminal.stdout.on('data', (bytes: Buffer) => {
        screen += bytes.toString();
        const [next] = waiting;
        if (next === undefined || !screen.includes(next[0])) return;
        waiting.shift();
        terminal.stdin.write(`${next[1]}\r`);
      });
      const { exitCode } = await terminal;
      return { exitCode, screen };
    };
    const stored = await typed('set TOKEN', [
      ['Value of TOKEN: ', 'typed-value'],
      ['New passphrase for the vault scope "sim": ', PASSPHRASE],
      ['Once more: ', PASSPHRASE],
    ]);
    assert.equal(stored.exitCode, 0, stored.screen);
    assert.ok(!/typed-value|horse/.test(stored.screen), stored.screen);
    const listed = await typed('list', [['Passphrase of the vault scope "sim": ', PASSPHRASE]]);
    assert.match(listed.screen, /sim {2}TOKEN/);
    const differing = await typed('set TOKEN --scope staging', [
      ['Value of TOKEN: ', 'typed-value'],
      ['New passphrase', PASSPHRASE],
      ['Once more: ', 'something else'],
    ]);
    assert.match(differing.screen, /vault-locked: The two passphrases differ/);
    const interrupted = await typed('set TOKEN', [['Value of TOKEN: ', 'abc\u0003']]);
    assert.equal(interrupted.exitCode, 130, interrupted.screen);
    assert.deepEqual(await readdir(path.join(commands.configFolder, 'vault')), ['sim.age']);
  });
});
