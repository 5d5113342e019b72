import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcess } from '../../../src/agent/processes/procfs.ts';
import { MARK_VARIABLE } from '../../../src/agent/processes/runMark.ts';
import { collectRuns } from '../../../src/studio/runs/collectRuns.ts';
import { nodesFolderOf } from '../../../src/studio/runs/runFolder.ts';
import {
  createCommandLine,
  DIST,
  type CommandLine,
  type CommandOutcome,
} from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { processesInside } from '../../support/processesInside.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';
import { workspaceIn } from '../../support/workspace.ts';

const LONG_AGO = new Date('2020-01-01');

describe('what a killed run leaves behind', () => {
  let commands: CommandLine;
  let folder = '';
  let capsuleHash = '';
  /** A run that ended by itself, and kept its folders. */
  let kept: Promise<CommandOutcome> | undefined;
  const keptRun = () => (kept ??= commands.meshSim(rehearseOnce('--keep-runs', '--json'), folder));
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    commands = await createCommandLine();
    ({ repo: folder } = await createTinyRepository([healthyService()]));
    const { stdout } = await commands.meshSim(['pack'], folder);
    [capsuleHash = ''] = /[0-9a-f]{64}/.exec(stdout) ?? [];
  });

  const rehearseOnce = (...flags: string[]) =>
    ['--capsule', capsuleHash, '--nodes', '2', '--latency', '1-5', ...flags] as const;

  /** A run whose process is killed once a service is healthy. Its agents end by themselves. */
  async function killedRun(...flags: string[]) {
    const bundle = path.join(DIST, 'meshSim.cjs');
    const args = [bundle, ...rehearseOnce('--json', ...flags)];
    const env = commands.environment;
    const run = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 2] });
    let simId = '';
    for await (const line of createInterface({ input: run.stdout! })) {
      const event = JSON.parse(line) as { simId: string; type: string; status: string };
      simId = event.simId;
      if (event.type === 'service' && event.status === 'healthy') break;
    }
    const exited = once(run, 'exit');
    run.kill('SIGKILL');
    await exited;
    const nodes = nodesFolderOf(commands, simId);
    while (processesInside(nodes).length > 0) await delay(5);
    return { simId, nodes, lock: path.join(folder, '.meshsim/runs', simId, 'owner.lock') };
  }

  function startMarked(simId: string) {
    const env = { PATH: process.env.PATH, [MARK_VARIABLE]: `${simId}/n0/web` };
    return spawn('sleep', ['600'], { cwd: '/', env, stdio: 'ignore' });
  }

  it('is collected by the next start, with the processes that are marked for it', async () => {
    const { simId, nodes, lock } = await killedRun();
    const marked = startMarked(simId);
    const markedEnded = once(marked, 'exit');
    const other = startMarked(randomUUID());
    await collectRuns(await workspaceIn(folder, commands.environment));
    assert.ok(existsSync(nodes), 'as far as anybody knows, that run goes on');
    for (const file of [lock, path.join(folder, '.meshsim/runs/active.lock')]) {
      utimesSync(file, LONG_AGO, LONG_AGO);
    }
    const { exitCode, stderr } = await keptRun();
    assert.equal(exitCode, 0, stderr);
    assert.ok(!existsSync(nodes));
    assert.ok(!existsSync(lock));
    await markedEnded;
    assert.equal(readProcess(other.pid!)?.isOver, false);
    other.kill();
  });

  it('stays where its run was to keep the folders', async () => {
    const { nodes, lock } = await killedRun('--keep-runs', '--concurrent');
    utimesSync(lock, LONG_AGO, LONG_AGO);
    await collectRuns(await workspaceIn(folder, commands.environment));
    assert.ok(existsSync(nodes));
    assert.ok(!existsSync(lock));
  });

  it('stays where an agent still lives, and where a run ended and kept its folders; later any workspace collects it', async () => {
    const { stdout, stderr } = await keptRun();
    const ended = JSON.parse(stdout.split('\n')[0] ?? '') as { simId: string };
    const { simId, nodes, lock } = await killedRun('--concurrent');
    assert.equal(statSync(path.dirname(nodes)).mode & 0o777, 0o700);
    const env = { PATH: process.env.PATH, [MARK_VARIABLE]: `${simId}/n0` };
    const agent = spawn('sleep', ['600'], { cwd: '/', env, stdio: 'ignore' });
    const agentEnded = once(agent, 'exit');
    utimesSync(lock, LONG_AGO, LONG_AGO);
    await collectRuns(await workspaceIn(folder, commands.environment));
    assert.ok(existsSync(nodes));
    assert.ok(existsSync(nodesFolderOf(commands, ended.simId)));
    assert.ok(stderr.includes(nodesFolderOf(commands, ended.simId)), stderr);
    assert.equal(readProcess(agent.pid!)?.isOver, false);
    agent.kill();
    await agentEnded;

    // Nothing of its own workspace says any more that it was a run.
    rmSync(path.join(folder, '.meshsim/runs', simId), { recursive: true });
    await collectRuns(await workspaceIn(await temporaryFolder(), commands.environment));
    assert.ok(!existsSync(path.dirname(nodes)));
  });
});
