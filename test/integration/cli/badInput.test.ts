import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  createCommandLine,
  createCommandLineInProcess,
  type CommandLine,
  type CommandOutcome,
} from '../../support/commandLine.ts';
import { commitChange, createHarborPay, temporaryFolder } from '../../support/harborPay.ts';

/** One line on stderr that starts with the code and names what it is about; exit 2. */
function assertRefused(outcome: CommandOutcome, code: string, mentions: RegExp): void {
  assert.equal(outcome.exitCode, 2, outcome.stderr);
  assert.equal(outcome.stderr.trim().split('\n').length, 1, outcome.stderr);
  assert.ok(outcome.stderr.startsWith(`${code}: `), outcome.stderr);
  assert.match(outcome.stderr, mentions);
  assert.equal(outcome.stdout, '');
}

const SERVICE = {
  name: 'orders',
  path: 'services/orders',
  start: ['node', 'server.mjs'],
  ports: { http: 7302 },
  health: { http: { port: 'http' } },
};

describe('mesh-sim given a bad registry', () => {
  let commands: CommandLine;
  before(async () => (commands = await createCommandLineInProcess()));

  const registries: [string, unknown, string, RegExp][] = [
    [
      'an unknown key',
      { name: 'p', services: [{ ...SERVICE, colour: 'red' }] },
      'registry-invalid',
      /colour/,
    ],
    [
      'a duplicate service',
      { name: 'p', services: [SERVICE, SERVICE] },
      'registry-invalid',
      /orders/,
    ],
    [
      'a cycle in dependsOn',
      {
        name: 'p',
        services: [
          { ...SERVICE, name: 'a', dependsOn: ['b'] },
          { ...SERVICE, name: 'b', dependsOn: ['a'] },
        ],
      },
      'registry-invalid',
      /a.*b.*a/,
    ],
    [
      'an unknown placeholder',
      { name: 'p', services: [{ ...SERVICE, env: { PORT: '${prot:http}' } }] },
      'registry-invalid',
      /prot:http/,
    ],
    [
      'a path outside the repository',
      { name: 'p', services: [{ ...SERVICE, path: '../..' }] },
      'path-outside',
      /\.\.\/\.\./,
    ],
    [
      'a commit that does not exist',
      { name: 'p', services: [{ ...SERVICE, commit: 'abad1dea' }] },
      'unknown-commit',
      /abad1dea/,
    ],
    [
      'another folder that is no repository',
      { name: 'p', services: [{ ...SERVICE, repo: '/' }] },
      'path-outside',
      /\//,
    ],
  ];
  for (const [what, registry, code, mentions] of registries) {
    it(`refuses ${what} in one sentence and writes nothing`, async () => {
      const product = await createHarborPay();
      await commitChange(product, 'mesh.services.json', JSON.stringify(registry));
      assertRefused(await commands.meshSim(['pack'], product.folder), code, mentions);
      assert.equal(existsSync(path.join(product.folder, '.meshsim')), false);
      await product.dispose();
    });
  }

  it('refuses a missing registry, as a process too', async () => {
    const folder = await temporaryFolder();
    const started = await createCommandLine();
    assertRefused(
      await started.meshSim(['pack'], folder),
      'registry-invalid',
      /mesh\.services\.json/,
    );
    await rm(folder, { recursive: true });
  });

  it('refuses a registry that is not JSON, with the place', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'mesh.services.json'), '{\n  "name": oops\n}\n');
    assertRefused(await commands.meshSim(['pack'], folder), 'registry-invalid', /line 2/);
    await rm(folder, { recursive: true });
  });

  it('refuses a folder that is not a git repository', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      path.join(folder, 'mesh.services.json'),
      JSON.stringify({ name: 'p', services: [SERVICE] }),
    );
    assertRefused(await commands.meshSim(['pack'], folder), 'not-a-repository', /git/);
    assert.equal(existsSync(path.join(folder, '.meshsim')), false);
    await rm(folder, { recursive: true });
  });

  it('refuses a dirty tree with the list of files, and packs it with --allow-dirty', async () => {
    const product = await createHarborPay();
    await writeFile(path.join(product.folder, 'services/orders/server.mjs'), '// edited\n');
    assertRefused(
      await commands.meshSim(['pack'], product.folder),
      'dirty-tree',
      /services\/orders\/server\.mjs/,
    );
    const allowed = await commands.meshSim(['pack', '--allow-dirty', '--json'], product.folder);
    assert.equal(allowed.exitCode, 0, allowed.stderr);
    assert.deepEqual((JSON.parse(allowed.stdout) as { dirty: string[] }).dirty, [
      'services/orders/server.mjs',
    ]);
    await product.dispose();
  });
});

describe('mesh-sim given a bad request', () => {
  let commands: CommandLine;
  let product: Awaited<ReturnType<typeof createHarborPay>>;
  let capsule: string;
  before(async () => {
    commands = await createCommandLineInProcess();
    product = await createHarborPay();
    capsule = (await commands.meshSim(['pack'], product.folder)).stdout;
  });
  after(() => product.dispose());

  const simulate = (...args: string[]): Promise<CommandOutcome> =>
    commands.meshSim(['--capsule', capsule, ...args], product.folder);

  it('refuses no Capsule, an unknown one, and one too short to be unique', async () => {
    const started = await createCommandLine(commands.configFolder);
    const asProcess = await started.meshSim(['--nodes', '3'], product.folder);
    assertRefused(asProcess, 'usage', /--capsule/);
    const unknown = await commands.meshSim(['--capsule', 'dead00'], product.folder);
    assertRefused(unknown, 'capsule-unknown', /dead00/);
    assertRefused(
      await commands.meshSim(['--capsule', 'ab'], product.folder),
      'usage',
      /at least 4/,
    );
  });

  const refused: [string[], string, RegExp][] = [
    [['--nodes', '1'], 'plan-invalid', /params\.nodes/],
    [['--nodes', '11'], 'plan-invalid', /params\.nodes/],
    [['--latency', '150-50'], 'plan-invalid', /latencyMs/],
    [['--loss', '101'], 'plan-invalid', /packetLoss/],
    [['--chaos', 'meteor'], 'usage', /meteor/],
    [['--drift', 'n2:billing@HEAD'], 'plan-invalid', /billing/],
    [['--drift', 'n9:orders@HEAD'], 'plan-invalid', /n9/],
    [['--drift', 'n2:orders@abad1dea'], 'unknown-commit', /abad1dea/],
    [['--config', 'nowhere.json'], 'plan-invalid', /nowhere\.json/],
    [['--no-such-flag'], 'usage', /no-such-flag/],
  ];
  for (const [args, code, mentions] of refused) {
    it(`refuses ${args.join(' ')} and starts nothing`, async () => {
      assertRefused(await simulate(...args), code, mentions);
      assert.equal(existsSync(path.join(product.folder, '.meshsim/runs')), false);
    });
  }

  it('refuses runs it does not know', async () => {
    const started = await createCommandLine(commands.configFolder);
    const unknown = await started.meshSim(['show', '12345678'], product.folder);
    assertRefused(unknown, 'run-unknown', /12345678/);
    assertRefused(
      await commands.meshSim(['replay', 'no.capsim'], product.folder),
      'run-unknown',
      /no\.capsim/,
    );
  });

  it('refuses a service whose secret is missing', async () => {
    const secretive = await createHarborPay();
    const registry = { name: 'p', services: [{ ...SERVICE, secrets: ['API_KEY'] }] };
    await commitChange(secretive, 'mesh.services.json', JSON.stringify(registry));
    const { stdout } = await commands.meshSim(['pack'], secretive.folder);
    assertRefused(
      await commands.meshSim(['--capsule', stdout], secretive.folder),
      'secret-missing',
      /orders.*API_KEY/,
    );
    await secretive.dispose();
  });
});

describe('mesh-sim given a bad key file', () => {
  it('refuses one that others can read, one that is no key, and one it may not read', async function () {
    const commands = await createCommandLineInProcess();
    const product = await createHarborPay();
    const key = path.join(commands.configFolder, 'capsule.pem');
    await commands.meshSim(['keys'], product.folder);
    await chmod(key, 0o644);
    assertRefused(await commands.meshSim(['pack'], product.folder), 'key-exposed', /capsule\.pem/);
    await writeFile(key, 'not a key\n');
    await chmod(key, 0o600);
    assertRefused(await commands.meshSim(['pack'], product.folder), 'key-invalid', /capsule\.pem/);
    await rm(key);
    await mkdir(key, { mode: 0o700 });
    assertRefused(
      await commands.meshSim(['pack'], product.folder),
      'key-unreadable',
      /capsule\.pem/,
    );
    await product.dispose();
  });
});
