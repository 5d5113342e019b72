import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { rollBack } from '../../../src/studio/deploy/deployRollback.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { fillVault } from '../../support/fillVault.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { hasSshServer, startSshServer, type SshServer } from '../../support/sshServer.ts';
import { healthyService } from '../../support/tinyProduct.ts';

const TOKEN = "harbour's token of the staging pier";
const ENVIRONMENT = { ...process.env, MESH_SIM_VAULT_PASSPHRASE: 'crane tide rope harbour' };

describe('secrets of an environment', () => {
  let world: DeployWorld;
  let ssh: SshServer | undefined;
  let told: string;
  beforeEach(async () => {
    world = await createDeployWorld([healthyService()], ENVIRONMENT);
    told = path.join(world.outside, 'told');
  });
  afterEach(async () => {
    await ssh?.stop();
    ssh = undefined;
    await world.dispose();
  });

  const store = (scope: string, value: string) => {
    const { configFolder } = world.workspace.options;
    return fillVault(configFolder, ENVIRONMENT.MESH_SIM_VAULT_PASSPHRASE, scope, { TOKEN: value });
  };
  const describeStaging = (target: object, secrets = ['TOKEN']) =>
    world.describe({ staging: { secrets, target } });
  const lastTold = async () => (await readFile(told, 'utf8')).trimEnd();

  /** Prints it, on a line that is cut as well, and notes it where nobody masks. */
  const command = () =>
    `printf %s "$TOKEN" > '${told}'; echo "with $TOKEN"; printf '%1990s%s\\n' x "$TOKEN"`;
  const targets: [string, () => Promise<object>][] = [
    [
      'directory',
      () =>
        Promise.resolve({ kind: 'directory', path: world.outside, prepare: { run: command() } }),
    ],
    ['command', () => Promise.resolve({ kind: 'command', run: command() })],
    [
      'ssh',
      async () => {
        ssh = await startSshServer(path.join(world.outside, 'ssh'));
        const { host, port, options } = ssh;
        const place = path.join(world.outside, 'remote');
        return { kind: 'ssh', host, port, options, path: place, activate: { run: command() } };
      },
    ],
  ];

  for (const [kind, target] of targets) {
    const test = kind === 'ssh' && !hasSshServer ? it.skip : it;
    test(`reach the commands of a target of the kind ${kind}, and are masked in what these print`, async () => {
      await store('staging', TOKEN);
      await describeStaging(await target());
      const { status, recorded } = await world.deploy('staging', await world.pack());
      assert.equal(status, 'deployed', recorded?.record.cause);
      assert.equal(await lastTold(), TOKEN);
      assert.ok(world.lines.includes('with ***'), world.lines.join('\n'));
      assert.doesNotMatch(world.lines.join('\n'), /harbour/);
    });
  }

  it('are in no argument of ssh or of the shell there', async function () {
    if (!hasSshServer) this.skip();
    await store('staging', TOKEN);
    ssh = await startSshServer(path.join(world.outside, 'ssh'));
    const { host, port, options } = ssh;
    const run = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' > '${told}'`;
    const place = path.join(world.outside, 'remote');
    await describeStaging({ kind: 'ssh', host, port, options, path: place, prepare: { run } });
    const { status } = await world.deploy('staging', await world.pack());
    assert.equal(status, 'deployed');
    assert.match(await lastTold(), /MESH_SIM_CAPSULE/);
    assert.doesNotMatch(await lastTold(), /token of the staging pier/);
  });

  it('are masked in the cause that is signed when a command fails over them', async () => {
    await store('staging', TOKEN);
    await describeStaging({ kind: 'command', run: 'echo "no entry for $TOKEN"; exit 3' });
    const { status, recorded } = await world.deploy('staging', await world.pack());
    assert.equal(status, 'failed');
    assert.match(recorded?.record.cause ?? '', /code 3.*no entry for \*\*\*/);
    assert.doesNotMatch(JSON.stringify(recorded), /harbour/);
  });

  it('are masked where they are wrapped, or written over several lines', async () => {
    await store('staging', `${TOKEN}\nsmall\nand the rest of it`);
    const run = [
      `printf '%s\\n' "$TOKEN"`,
      `printf %s "$TOKEN" | base64 -w 9`,
      `printf %s "$TOKEN" | od -An -v -tx1`,
      'echo done; printf %s "$TOKEN"; exit 3',
    ].join('; ');
    await describeStaging({ kind: 'command', run });
    const { recorded } = await world.deploy('staging', await world.pack());
    const token = Buffer.from(`${TOKEN}\nsmall\nand the rest of it`);
    const shown = world.lines.join('\n') + JSON.stringify(recorded);
    assert.match(shown, /\*\*\*[^]*done/);
    assert.doesNotMatch(shown, /harbour|small|rest of/);
    for (const line of token.toString('base64').match(/.{9}/g) ?? []) {
      assert.ok(!shown.includes(line), line);
    }
    assert.ok(!shown.replaceAll(/\s/g, '').includes(token.toString('hex').slice(20, 40)));
  });

  it('are taken from a variable of that name where there is one, as in CI', async () => {
    await store('staging', TOKEN);
    await describeStaging({ kind: 'command', run: command() });
    const environment = { ...ENVIRONMENT, TOKEN: 'another token, of the pipeline' };
    Object.assign(world.workspace.options, { environment });
    await world.deploy('staging', await world.pack());
    assert.equal(await lastTold(), environment.TOKEN);
    assert.ok(world.lines.includes('with ***'));
  });

  it('are missed in one sentence before anything begins, whatever simulations have', async () => {
    await store('sim', 'the token of simulations');
    await describeStaging({ kind: 'directory', path: world.outside, prepare: { run: command() } });
    const sentence = await sentenceOf(
      'secret-missing',
      world.deploy('staging', await world.pack()),
    );
    assert.match(sentence, /commands of staging need the secret TOKEN.*--scope staging/);
    assert.equal(existsSync(path.join(world.outside, 'current')), false);
    assert.equal(existsSync(told), false);
  });

  it('are those of the environment in a rollback too', async () => {
    await store('staging', TOKEN);
    await describeStaging({ kind: 'command', run: 'true', rollback: command() });
    await world.deploy('staging', await world.pack());
    await world.deploy('staging', await world.packChange('2'));
    const signal = new AbortController().signal;
    const { listener } = world;
    await rollBack(world.workspace, { environment: 'staging', listener, signal });
    assert.equal(await lastTold(), TOKEN);
  });

  it('are not asked for where nothing is to be done', async () => {
    await describeStaging({ kind: 'command', run: 'true' }, []);
    const hash = await world.pack();
    await world.deploy('staging', hash);
    await describeStaging({ kind: 'command', run: 'true' });
    assert.equal((await world.deploy('staging', hash)).status, 'unchanged');
  });
});
