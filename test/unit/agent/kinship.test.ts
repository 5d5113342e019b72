import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { endAll } from '../../../src/agent/processes/end.ts';
import { Kinship, type Way } from '../../../src/agent/processes/kinship.ts';
import { readProcess } from '../../../src/agent/processes/procfs.ts';
import { MARK_VARIABLE } from '../../../src/agent/processes/runMark.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

describe('agent: whose processes these are', () => {
  const simId = randomUUID();
  let kinship: Kinship;
  beforeEach(function () {
    if (process.platform !== 'linux') this.skip();
    kinship = new Kinship({ simId, nodeId: 'n0' });
  });
  afterEach(async () => {
    assert.deepEqual((await endAll(() => kinship.search(), 5_000)).found, []);
    kinship.close();
  });

  /** A shell in a session of its own and without environment, that does `script` line by line as it is told to. */
  async function startShell(script: string, env = {}, cwd = '/'): Promise<ChildProcess> {
    const shell = spawn('/bin/sh', ['-c', script], {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(shell.stdout, 'data');
    return shell;
  }

  function waysOf(): [pid: number, way: Way][] {
    return kinship.search().found.map(({ pid, way }) => [pid, way]);
  }

  /** The leader is seen; then it starts something that nobody looks at before the leader has ended. */
  async function orphanOf(script: string): Promise<number> {
    const leader = await startShell(`echo ready; read line; ${script} echo $!; exit 0`);
    kinship.addRoot(leader.pid!);
    kinship.look();
    const ended = once(leader, 'exit');
    leader.stdin!.write('\n');
    const [orphan] = (await once(leader.stdout!, 'data')) as [Buffer];
    await ended;
    return Number(orphan.toString());
  }

  const QUIET = '</dev/null >/dev/null 2>&1';

  it('knows an orphan by the group of a leader that ended, which is nearer than its session', async () => {
    const orphan = await orphanOf(`/bin/sleep 600 ${QUIET} &`);
    assert.deepEqual(waysOf(), [[orphan, 'group']]);
  });

  it('knows an orphan with a group of its own by the session of a leader that ended', async () => {
    const regroup = `/usr/bin/perl -e 'setpgrp(0, 0); exec @ARGV'`;
    const orphan = await orphanOf(`${regroup} /bin/sleep 600 ${QUIET} &`);
    while (readProcess(orphan)?.group !== orphan) await nextTurn();
    assert.deepEqual(waysOf(), [[orphan, 'session']]);
  });

  it('knows a child, and its children, by descent', async () => {
    const parent = await startShell(
      `/bin/sh -c '/bin/sleep 600 & wait' ${QUIET} & echo ready; wait`,
    );
    kinship.addRoot(parent.pid!);
    await untilSome(3);
    assert.deepEqual(
      waysOf().map(([, way]) => way),
      ['descent', 'descent', 'descent'],
    );
  });

  async function untilSome(count: number): Promise<void> {
    while (kinship.search().found.length < count) await new Promise(setImmediate);
  }

  it('knows who has its mark, and not who has that of another node or run', async () => {
    kinship.addRoot((await startShell('echo ready; exec sleep 600')).pid!);
    const marked = (mark: string) =>
      startShell('echo ready; exec /bin/sleep 600', { [MARK_VARIABLE]: mark });
    const own = await marked(`${simId}/n0/web`);
    const others = [await marked(`${simId}/n1/web`), await marked(`${randomUUID()}/n0`)];
    const found = kinship.search().found.filter(({ way }) => way === 'environment');
    assert.deepEqual(
      found.map(({ pid, nodeId, service }) => ({ pid, nodeId, service })),
      [{ pid: own.pid, nodeId: 'n0', service: 'web' }],
    );
    for (const other of others) other.kill('SIGKILL');
  });

  it('keeps whom it knew by environment when they replace it', async () => {
    const child = await startShell('echo ready; read line; exec env -i /bin/sleep 600', {
      [MARK_VARIABLE]: `${simId}/n0/web`,
      PATH: process.env.PATH,
    });
    kinship.addRoot((await startShell('echo ready; exec /bin/sleep 600')).pid!);
    // Younger than the root is what it looks at.
    const late = await startShell('echo ready; read line; exec env -i /bin/sleep 600', {
      [MARK_VARIABLE]: `${simId}/n0/web`,
      PATH: process.env.PATH,
    });
    kinship.look();
    late.stdin!.write('\n');
    const found = waysOf().find(([pid]) => pid === late.pid);
    assert.deepEqual(found, [late.pid, 'environment']);
    child.kill('SIGKILL');
  });

  it('does not take the run for over while somebody hands on and ends, again and again', async () => {
    const folder = await temporaryFolder();
    const script = path.join(folder, 'hop.sh');
    await writeFile(script, '[ -e "$0" ] || exit 0\n/bin/sh "$0" &\nexit 0\n');
    kinship.addRoot((await startShell('echo ready; exec sleep 600')).pid!);
    const env = { [MARK_VARIABLE]: `${simId}/n0/web` };
    spawn('/bin/sh', [script], { env, stdio: 'ignore', detached: true });
    const root = kinship.search().found[0]?.pid;
    for (let look = 0; look < 20; look += 1) {
      const { found, missed, closed } = kinship.search();
      assert.ok(missed > 0 || found.some(({ pid }) => pid !== root), `look ${look}`);
      // A process that changes its program has no environment for an instant; none is closed to root.
      if (process.getuid?.() === 0) assert.equal(closed, 0, `look ${look}`);
    }
    await rm(folder, { recursive: true });
  });

  it('does not look at what is older than the run', async () => {
    const folder = await temporaryFolder();
    const older = await startShell('echo ready; exec /bin/sleep 600', {}, folder);
    // Starts are counted in hundredths of a second.
    const begin = readProcess(older.pid!)!.startedAt;
    let root: ChildProcess;
    do root = await startShell('echo ready; exec /bin/sleep 600');
    while (readProcess(root.pid!)?.startedAt === begin && root.kill('SIGKILL'));
    const younger = await startShell('echo ready; exec /bin/sleep 600', {}, folder);
    kinship.addFolder(folder);
    kinship.addRoot(root.pid!);
    const inFolder = waysOf().filter(([, way]) => way === 'folder');
    assert.deepEqual(inFolder, [[younger.pid, 'folder']]);
    older.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
});
