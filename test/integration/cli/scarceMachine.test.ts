import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  createCommandLine,
  type CommandLine,
  type CommandOutcome,
} from '../../support/commandLine.ts';
import { processesInside } from '../../support/processesInside.ts';
import {
  lonelyUser,
  meshSimAsLonelyUser,
  meshSimLimited,
  meshSimOnDisk,
  mountNamespace,
} from '../../support/scarce.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import {
  blob,
  createTinyRepository,
  healthyService,
  type TinyService,
} from '../../support/tinyProduct.ts';

/** Longer than any of these runs takes: a run that waits for it has blamed a node. */
const DEADLINE = ['--deadline', '120s'];

interface Packed {
  readonly commands: CommandLine;
  readonly folder: string;
  readonly capsuleHash: string;
}

async function pack(services: readonly TinyService[]): Promise<Packed> {
  const commands = await createCommandLine();
  const { repo: folder } = await createTinyRepository(services);
  const { stdout, stderr } = await commands.meshSim(['pack'], folder);
  const [capsuleHash] = /[0-9a-f]{64}/.exec(stdout) ?? [];
  assert.ok(capsuleHash, stderr);
  return { commands, folder, capsuleHash };
}

function assertNamed({ exitCode, stderr }: CommandOutcome, code: string, mentions: RegExp): void {
  // Node.js itself complains that it cannot read the certificates that its environment names.
  const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning:'));
  assert.equal(exitCode, 2, stderr);
  assert.equal(said.length, 1, stderr);
  assert.ok(said[0]?.startsWith(`${code}: `), stderr);
  assert.match(stderr, mentions);
}

describe('mesh-sim on a disk that takes no more', () => {
  let big: Packed;
  /** Workspaces and whose they are: whatever became of their runs, their ledgers hold. */
  const ran = new Map<string, CommandLine>();
  before(async function () {
    if (mountNamespace() === undefined) this.skip();
    const files = { ...healthyService().files, 'content.txt': blob(6_000_000) };
    big = await pack([{ name: 'web', files }]);
  });

  const runOn = async (
    { commands, folder, capsuleHash }: Packed,
    disk: string,
    options: string,
    flags: readonly string[] = [],
  ) => {
    const { MESH_SIM_CACHE: cache = '' } = commands.environment;
    const isOfNodes = disk === 'runs';
    const mounted = isOfNodes ? path.join(cache, disk) : path.join(folder, '.meshsim', disk);
    await mkdir(mounted, { recursive: true });
    const args = ['--capsule', capsuleHash, '--nodes', '2', '--latency', '1-5', ...DEADLINE];
    args.push(...flags);
    ran.set(folder, commands);
    return meshSimOnDisk(commands, { folder: mounted, options }, args, folder);
  };

  after(async () => {
    for (const [folder, commands] of ran) {
      const { exitCode, stdout } = await commands.meshSim(['ledger', 'verify'], folder);
      assert.equal(exitCode, 0, stdout);
    }
  });

  it('ends at once while the entry node takes the chunks of its own host, and names the disk', async () => {
    const outcome = await runOn(big, 'runs', 'size=3m');
    assertNamed(outcome, 'disk-failed', /runs.*is full.*ENOSPC.*bytes/);
  });

  it('ends at once while a node receives chunks from another, and names the disk', async function () {
    if (wireHindrance() !== undefined) this.skip();
    // The entry node has room for its chunks, and unpacks nothing.
    const outcome = await runOn(big, 'runs', 'size=9m', ['--place', 'web=n1']);
    assertNamed(outcome, 'disk-failed', /runs.*n1.*is full.*ENOSPC.*bytes/);
  });

  it('ends at once while services are unpacked', async () => {
    const outcome = await runOn(big, 'runs', 'size=15m');
    assertNamed(outcome, 'disk-failed', /runs.*ENOSPC/);
  });

  it('ends at once when not even the folders of nodes can be made', async () => {
    const outcome = await runOn(big, 'runs', 'size=1m,nr_inodes=5');
    assertNamed(outcome, 'disk-failed', /runs.*ENOSPC/);
  });

  it('ends before it begins on a disk that is read-only', async () => {
    const outcome = await runOn(big, 'runs', 'ro');
    assertNamed(outcome, 'disk-failed', /EROFS/);
  });

  it('ends at once when the cache of builds is full, and not as a failed build', async () => {
    const build = ['node', '-e', 'fs.writeFileSync("built", Buffer.alloc(3e6, 1))'];
    const built = await pack([healthyService('web', { build })]);
    const outcome = await runOn(built, 'cache/builds', 'size=1m');
    assertNamed(outcome, 'disk-failed', /cache.builds.*full|ENOSPC.*cache.builds/);
  });

  it('ends at once when a service fills the disk', async () => {
    const server = `
      import { writeFileSync } from 'node:fs';
      ${healthyService().files?.['server.mjs'] ?? ''}
      setTimeout(() => writeFileSync('log', Buffer.alloc(30e6, 1)), 100);`;
    const filling = await pack([{ name: 'web', files: { 'server.mjs': server } }]);
    const outcome = await runOn(filling, 'runs', 'size=10m');
    assertNamed(outcome, 'disk-failed', /runs.*is full/);
  });

  it('ends at once when the packets it keeps fill the disk of its records', async function () {
    if (wireHindrance() !== undefined) this.skip();
    // It is healthy once it has sent more than the disk holds; without --pcap a record of such a run takes less than half of it.
    const server = `
      import dgram from 'node:dgram';
      import { createServer } from 'node:http';
      const socket = dgram.createSocket('udp4');
      let left = 4_000;
      const flood = setInterval(() => {
        for (let packet = 0; packet < 50; packet += 1) socket.send(Buffer.alloc(1400), 9, '10.99.0.2');
        if ((left -= 50) > 0) return;
        clearInterval(flood);
        createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT));
      }, 10);`;
    const flooding = await pack([{ name: 'web', files: { 'server.mjs': server } }]);
    const records = path.join('..', '.meshsim', 'runs');
    const outcome = await runOn(flooding, records, 'size=2m', ['--pcap=full']);
    assertNamed(outcome, 'disk-failed', /runs.*is full.*ENOSPC/);
  });
});

describe('mesh-sim with few files it may open', () => {
  let tiny: Packed;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    tiny = await pack([healthyService()]);
  });

  // From the first at which Node.js itself starts; what they meet first differs.
  for (const files of [24, 28, 32, 36, 40]) {
    it(`says so in one line when they are ${files}, and leaves nothing running`, async () => {
      const { commands, folder, capsuleHash } = tiny;
      const args = ['--capsule', capsuleHash, '--nodes', '4', '--quiet', ...DEADLINE];
      const outcome = await meshSimLimited(commands, `ulimit -n ${files}`, args, folder);
      assertNamed(outcome, 'machine-exhausted', /raise the limit \(ulimit -n\)/);
      assert.deepEqual(processesInside(folder), []);
    });
  }

  it('says so when files may not be as long as what it writes', async () => {
    const { commands, folder, capsuleHash } = tiny;
    for (const args of [['pack'], ['--capsule', capsuleHash, '--nodes', '2', ...DEADLINE]]) {
      const outcome = await meshSimLimited(commands, 'ulimit -f 0', args, folder);
      assertNamed(outcome, 'disk-failed', /EFBIG.*raise/);
    }
    assert.equal((await commands.meshSim(['ledger', 'verify'], folder)).exitCode, 0);
  });

  it('says so when git cannot be started', async () => {
    const { commands, folder } = tiny;
    const outcome = await meshSimLimited(commands, 'PATH=/nowhere', ['pack'], folder);
    assertNamed(outcome, 'git-failed', /install it/);
  });
});

describe('mesh-sim of a user who may have few processes and threads', () => {
  let tiny: Packed;
  before(async function () {
    if (lonelyUser() === undefined) this.skip();
    tiny = await pack([healthyService()]);
  });

  // What is refused first: a thread for the emulator, an agent, some of an agent's threads.
  for (const processes of [12, 16, 24, 30]) {
    it(`says so in one line when they are ${processes}, and ends`, async () => {
      const { commands, folder, capsuleHash } = tiny;
      const args = ['--capsule', capsuleHash, '--nodes', '4', '--quiet', ...DEADLINE];
      const folders = [path.dirname(folder), path.dirname(commands.configFolder)];
      const outcome = await meshSimAsLonelyUser(commands, { processes, folders }, args, folder);
      assertNamed(outcome, 'machine-exhausted', /raise the limits? \(ulimit -u/);
      assert.deepEqual(processesInside(folder), []);
    });
  }
});
