import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { agentKeys, signByAgent } from '../../../src/signing/sshAgent.ts';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import { meshSimInProcess } from '../../support/commandInProcess.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';

const hasAgent = ['ssh-agent', 'ssh-add', 'ssh-keygen'].every(
  (program) => spawnSync(program, ['-?']).error === undefined,
);
const suite = hasAgent && process.platform !== 'win32' ? describe : describe.skip;

suite('a Capsule key that ssh-agent holds (needs OpenSSH)', () => {
  let commands: CommandLine;
  let product: string;
  let agent: ChildProcess;
  let socket: string;
  let held: string;
  let file: string;

  const meshSim = (...args: string[]) => meshSimInProcess(args, product, commands.environment);
  const rehearse = async (hash: string, exported: string) => {
    const run = await meshSim('--capsule', hash, '--nodes', '2');
    assert.equal(run.exitCode, 0, run.stdout + run.stderr);
    const [simId = ''] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(run.stdout) ?? [];
    assert.equal((await meshSim('export', simId, '-o', exported)).exitCode, 0);
  };
  const add = (...args: string[]) =>
    execFileSync('ssh-add', ['-q', ...args], { env: { ...process.env, SSH_AUTH_SOCK: socket } });

  before(async () => {
    const folder = await temporaryFolder();
    socket = path.join(folder, 'agent');
    file = path.join(folder, 'id');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'of a person', '-f', file]);
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', `${file}.rsa`]);
    held = execFileSync('ssh-keygen', ['-lf', file]).toString().split(' ')[1] ?? '';
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    // It says where it listens once it does.
    await once(agent.stdout!, 'data');
    add(file);
    commands = await createCommandLine(undefined, { SSH_AUTH_SOCK: socket });
    product = (await createTinyRepository([healthyService()])).repo;
  });
  after(() => agent.kill());

  it('must be an Ed25519 key that the agent holds', async () => {
    add(`${file}.rsa`);
    const [, rsa = ''] = execFileSync('ssh-keygen', ['-lf', `${file}.rsa`])
      .toString()
      .split(' ');
    const { exitCode, stderr } = await meshSim('keys', 'rotate', '--agent', rsa);
    assert.equal(exitCode, 2);
    assert.ok(
      stderr.startsWith(
        `key-unreadable: The ssh-agent at ${socket} holds no Ed25519 key ${rsa}; it holds ${held} (of a person).`,
      ),
      stderr,
    );
  });

  it('takes the place of the one in a file, signs what follows, gives way to another, and is revoked', async () => {
    const first = await meshSim('pack');
    assert.equal(first.exitCode, 0, first.stderr);
    const hash = first.stdout.trim();
    await rehearse(hash, 'before.capsim');

    const rotated = await meshSim('keys', 'rotate', '--agent', held);
    assert.equal(rotated.exitCode, 0, rotated.stderr);
    assert.ok(rotated.stdout.startsWith(`Capsule key  ${held}  held by ssh-agent`), rotated.stdout);
    const files = await readdir(commands.configFolder);
    assert.ok(
      !files.includes('capsule.pem') &&
        files.some((name) => /^capsule\.[0-9a-f]{16}\.pem$/.test(name)),
    );

    const early = await meshSim('--capsule', hash, '--nodes', '2');
    assert.equal(early.exitCode, 2);
    assert.match(early.stderr, /^signer-untrusted: .* was packed with the key .*: pack it again/);

    const again = await meshSim('pack');
    assert.equal(again.stdout, first.stdout, again.stderr);
    await rehearse(hash, 'after.capsim');
    for (const name of ['before', 'after']) {
      const { exitCode, stdout } = await commands.verifySim([`${name}.capsim`], product);
      assert.equal(exitCode, 0, stdout);
      assert.equal(stdout.includes(held), name === 'after', stdout);
    }

    // At once, before anything is recorded.
    const entries = async () => (await meshSim('ledger', 'list')).stdout;
    const recorded = await entries();
    add('-d', file);
    const gone = await meshSim('pack');
    assert.equal(gone.exitCode, 2);
    assert.match(
      gone.stderr,
      /^key-unreadable: The ssh-agent at .* does not hold the Capsule key SHA256:/,
    );
    add(file);
    assert.equal(await entries(), recorded);

    const back = await meshSim('keys', 'rotate');
    assert.equal(back.exitCode, 0, back.stderr);
    assert.match(back.stdout, /^Capsule key {2}SHA256:\S+ {2}\S+capsule\.pem\n/);
    assert.ok(!existsSync(path.join(commands.configFolder, 'capsule.pub')));
    const list = await readFile(path.join(commands.configFolder, 'allowed_signers'), 'utf8');
    assert.equal(list.match(/valid-before="\d{14}Z"/g)?.length, 2, list);
    assert.equal((await commands.verifySim(['after.capsim'], product)).exitCode, 0);

    assert.equal((await meshSim('keys', 'revoke', held)).exitCode, 0);
    const { exitCode, stdout } = await commands.verifySim(['after.capsim'], product);
    assert.equal(exitCode, 3, stdout);
    const unknown = await meshSim('keys', 'revoke', held);
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /^usage: .* trusts no key SHA256:/);
  });
});

describe('an ssh-agent that is not as it should be', function () {
  if (process.platform === 'win32') return;
  const asked = async (answer: (socket: net.Socket) => void, message: RegExp) => {
    const place = path.join(await temporaryFolder(), 'agent');
    const server = net.createServer(answer).listen(place);
    await once(server, 'listening');
    await assert.rejects(agentKeys(place), { code: 'key-unreadable', message });
    await assert.rejects(signByAgent(place, 'a'.repeat(64), Buffer.of(1)), {
      code: 'key-unreadable',
    });
    server.close();
  };

  it('ends the connection', () =>
    asked((one) => one.end(), /ended the connection without an answer/));
  it('refuses', () => asked((one) => one.end(Buffer.of(0, 0, 0, 1, 5)), /gives no answer/));
  it('says that more is to come than any agent sends', () =>
    asked((one) => one.write(Buffer.of(127, 0, 0, 0, 12)), /gives no answer/));
  it('is not there', () =>
    assert.rejects(agentKeys('/nowhere/agent'), {
      code: 'key-unreadable',
      message: /cannot be reached \(.*ENOENT/,
    }));
});
