import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { NODE_BINARIES, nodeBinaryFor } from '../../../src/runtime/hosts/ship/nodeBinaries.ts';
import { sha256OfFile } from '../../../src/signing/fileDigest.ts';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import { ProgramFolder } from '../../support/programFolder.ts';
import { startRemoteHost, type RemoteHost } from '../../support/remoteHost.ts';
import { hasSshServer } from '../../support/sshServer.ts';
import { sweepOf } from '../../support/sweep.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

const system = process.platform === 'linux' ? execaSync('uname', ['-sm']).stdout : '';
const binary = nodeBinaryFor(system);
const suite = hasSshServer && binary !== undefined ? describe : describe.skip;
const name =
  hasSshServer && binary !== undefined
    ? 'Node.js for hosts that have none'
    : 'Node.js for hosts that have none (skipped: no sshd here, or no Node.js to send to this system)';

/** As df(1) says it. */
const SENT = /^mesh-sim: edge has no Node\.js that is new enough: Node\.js .* is sent there/m;
const NO_ROOM = 'echo header; echo /dev/x 100 90 10 90% /';

suite(name, () => {
  const { digest, bytes, version } = binary ?? NODE_BINARIES['Linux x86_64'];
  let commands: CommandLine;
  let product: TinyRepository;
  let programs: ProgramFolder;
  let edge: RemoteHost;
  let cache: string;
  let shipped: string;
  before(async () => {
    commands = await createCommandLine();
    product = await createTinyRepository([healthyService()]);
    programs = await ProgramFolder.make(path.join(product.folder, 'bin'), ['node', 'nodejs']);
    cache = path.join(product.folder, 'cache');
    shipped = path.join(cache, 'hosted/node');
    edge = await startRemoteHost(product.folder, {
      PATH: programs.folder,
      MESH_SIM_CACHE: cache,
    });
    const { host, port, options } = edge.spec;
    const hosts = { edge: { kind: 'ssh', host, port, options, node: 'ship' } };
    await writeFile(path.join(product.repo, 'mesh.hosts.json'), JSON.stringify({ hosts }));
  });
  after(async () => {
    await edge.stop();
    await product.dispose();
  });
  beforeEach(() => rm(cache, { recursive: true, force: true }));

  const hosts = (...args: string[]) => commands.meshSim(['hosts', ...args], product.repo);
  const refusal = async (placed: Readonly<Record<string, string | undefined>>) => {
    const { stdout, exitCode } = await programs.with(placed, () => hosts('check'));
    assert.equal(exitCode, 1, stdout);
    return stdout;
  };
  /** What is below the folder of what was sent: nothing half is to be there. */
  const there = async () =>
    existsSync(shipped) ? (await readdir(shipped, { recursive: true })).sort() : [];

  it('is sent there once, runs nodes and their services from then on, and is told of and removed when hosts are cleaned', async () => {
    const without = await hosts('clean');
    assert.match(without.stdout, /^✗ edge has no Node\.js yet: "mesh-sim hosts check" sends it/m);
    assert.deepEqual(await there(), []);
    const capsule = (await commands.meshSim(['pack'], product.repo)).stdout.trim();
    const args = ['--capsule', capsule, '--nodes', '2', '--latency', '5-10', '--spread', 'edge'];
    const run = await commands.meshSim(args, product.repo);
    assert.equal(run.exitCode, 0, `${run.stdout}${run.stderr}`);
    assert.match(run.stderr, SENT);
    assert.match(
      run.stdout,
      new RegExp(`^Host +n1 on edge \\(ssh, .*Node\\.js v${version}\\)`, 'm'),
    );
    assert.deepEqual(await there(), [digest, `${digest}/node`]);
    const file = path.join(shipped, digest, 'node');
    assert.equal(await sha256OfFile(file), digest);
    assert.equal((await stat(shipped)).mode & 0o777, 0o700);
    assert.equal((await stat(file)).mode & 0o777, 0o700);
    const { ino } = await stat(file);
    const again = await hosts('check');
    assert.equal(again.exitCode, 0, `${again.stdout}${again.stderr}`);
    assert.doesNotMatch(again.stderr, SENT);
    assert.equal((await stat(file)).ino, ino);

    const cleaned = await hosts('clean');
    const kept = `  keeps Node.js at ${file} (${(bytes / 1e6).toFixed(1)} MB) for the next run; --everything removes it`;
    assert.ok(cleaned.stdout.split('\n').includes(kept), cleaned.stdout);
    const everything = await hosts('clean', '--everything');
    assert.ok(everything.stdout.split('\n').includes(`  removed ${shipped}`), everything.stdout);
    assert.ok(!existsSync(shipped));
  });

  it('is not sent where one is new enough, and is to be where it is too old', async () => {
    const own = await programs.with({ node: `exec ${process.execPath} "$@"` }, () =>
      hosts('check'),
    );
    assert.equal(own.exitCode, 0, own.stdout);
    assert.deepEqual(await there(), []);
    assert.match(
      await refusal({ node: 'echo v22.14.9', df: NO_ROOM }),
      /^✗ edge has no room for Node\.js/m,
    );
  });

  it('is refused in one sentence to hosts that it does not run on', async () => {
    assert.match(
      await refusal({ uname: 'echo Linux riscv64' }),
      /^✗ edge is Linux riscv64, and Node\.js is sent to Linux x86_64 and Linux aarch64 alone: install/m,
    );
    assert.match(
      await refusal({ getconf: undefined, ldd: 'echo "musl libc (x86_64)" >&2; exit 1' }),
      /^✗ edge has musl as its C library, and the official Node\.js needs glibc 2\.28 or newer: /m,
    );
    assert.match(
      await refusal({ getconf: 'echo glibc 2.17' }),
      /^✗ edge has glibc 2\.17, and the official Node\.js needs glibc 2\.28 or newer: /m,
    );
    assert.match(
      await refusal({ sha256sum: undefined }),
      /^✗ edge has no program sha256sum, by which .*: install coreutils there/m,
    );
    assert.deepEqual(await there(), []);
  });

  it('leaves nothing where there is no room for it, or the way to it breaks', async () => {
    assert.match(
      await refusal({ df: NO_ROOM }),
      /^✗ edge has no room for Node\.js \(\d+\.\d MB\): make room there/m,
    );
    assert.match(
      await refusal({ gzip: 'head -c 1000; echo "gzip: stdout: No space left on device" >&2' }),
      /^✗ edge has no room for Node\.js/m,
    );
    const session = 'kill -9 $(ps -o ppid= -p $PPID)';
    assert.match(
      await refusal({ gzip: `head -c 100000; ${session}; exec cat` }),
      /^✗ edge cannot be reached: ssh ended with code 255/m,
    );
    while ((await there()).some((one) => one.startsWith('part.')))
      await new Promise((resolve) => setImmediate(resolve));
    assert.match(
      await refusal({ gzip: `cat >/dev/null; head -c ${bytes} /dev/zero` }),
      /^✗ Node\.js did not arrive at edge as it was sent: check the connection/m,
    );
    assert.deepEqual(await there(), [digest]);
  });

  // Each sends it twice, which takes a quiet machine some ten seconds.
  if (sweepOf(1, 0) > 0) {
    it('is sent anew where it is not what was sent, and two that send it do not meet', async () => {
      const file = path.join(shipped, digest, 'node');
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, '#!/bin/sh\nexit 7\n', { mode: 0o700 });
      const both = await Promise.all([hosts('check'), hosts('check')]);
      for (const { exitCode, stdout } of both) {
        assert.equal(exitCode, 0, stdout);
        assert.match(stdout, new RegExp(`^✔ edge .*Node\\.js v${version},`, 'm'));
      }
      assert.deepEqual(await there(), [digest, `${digest}/node`]);
      assert.equal(await sha256OfFile(file), digest);
    });

    it('takes it as it is where there is no gzip, and into no folder that is open to others', async () => {
      const plain = await programs.with({ gzip: undefined }, () => hosts('check'));
      assert.equal(plain.exitCode, 0, plain.stdout);
      await execa('chmod', ['0777', shipped]);
      const again = await hosts('check');
      assert.equal(again.exitCode, 0, again.stdout);
      assert.equal((await stat(shipped)).mode & 0o777, 0o700);
      assert.equal(
        await readFile(path.join(shipped, digest, 'node')).then((read) => read.length),
        bytes,
      );
    });
  }
});
