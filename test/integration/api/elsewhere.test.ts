import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  noticeSchema,
  problemSchema,
  snapshotSchema,
  streamEndSchema,
} from '../../../src/model/api.ts';
import { provenancePageSchema, type ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { DIST } from '../../support/commandLine.ts';
import {
  createStudioServer,
  eventsOf,
  messagesOf,
  streamOf,
  type StreamMessage,
  type StudioServer,
} from '../../support/studioServer.ts';

describe('two processes on one workspace', () => {
  let studio: StudioServer;
  let command: ChildProcess | undefined;
  beforeEach(async () => {
    studio = await createStudioServer();
  });
  afterEach(async () => {
    if (command?.exitCode === null && command.signalCode === null) {
      const exited = once(command, 'exit');
      command.kill('SIGTERM');
      await exited;
    }
    command = undefined;
    await studio.dispose();
  });

  /** `mesh-sim` as a user runs it in the same workspace with the same keys. */
  function meshSim(...args: string[]): ChildProcess {
    const { configFolder } = studio.studio.workspace.options;
    command = spawn(process.execPath, [path.join(DIST, 'meshSim.cjs'), ...args], {
      cwd: studio.folder,
      env: { ...process.env, MESH_SIM_CONFIG: configFolder },
      stdio: 'ignore',
    });
    return command;
  }

  function simulate(capsuleHash: string, latency: string): ChildProcess {
    return meshSim('--capsule', capsuleHash, '--nodes', '2', '--latency', latency);
  }

  async function newestRun(): Promise<ProvenanceRun | undefined> {
    const page = provenancePageSchema.parse(await (await studio.call('/api/provenance')).json());
    return page.runs.find(({ kind }) => kind === 'simulation');
  }

  /** Follows the workspace's notices until the timeline shows a run. */
  async function runStartedElsewhere(): Promise<ProvenanceRun> {
    for await (const { data } of streamOf(await studio.call('/api/workspace/events'))) {
      noticeSchema.parse(data);
      const run = await newestRun();
      if (run?.simId !== undefined) return run;
    }
    return assert.fail('the stream of notices ended');
  }

  const follow = (simId = '') => studio.call(`/api/mesh-sim/events?simId=${simId}`);

  async function codeOf(response: Response): Promise<[number, string]> {
    return [response.status, problemSchema.parse(await response.json()).code];
  }

  it('shows a run of the command line live, until it is sealed', async () => {
    const capsuleHash = await studio.pack();
    const shown = runStartedElsewhere();
    const exited = once(simulate(capsuleHash, '400-500'), 'exit');
    const { simId, status, summary } = await shown;
    assert.equal(status, 'running');
    assert.match(summary, /another process/);

    const [messages, second] = await Promise.all([
      follow(simId).then(messagesOf),
      follow(simId).then(messagesOf),
    ]);
    assert.deepEqual(await exited, [0, null]);
    const first = snapshotSchema.parse(messages[0]?.data);
    assert.equal(first.isRunning, true);
    const end = streamEndSchema.parse(messages.at(-1)?.data);
    assert.equal(end.outcome, 'pass', end.sentence);
    assert.deepEqual(second.at(-1)?.data, end, 'both readers are told how it ended');
    const events = eventsOf(messages);
    assert.ok(
      events.some(({ seq }) => seq > first.seq),
      'it was followed as it grew',
    );
    const row = await newestRun();
    assert.deepEqual([row?.status, row?.runId], ['pass', end.runId]);
  });

  it('cannot cancel or record what runs elsewhere, says so, and sees when its process is gone', async () => {
    const capsuleHash = await studio.pack();
    const shown = runStartedElsewhere();
    const child = simulate(capsuleHash, '900-1000');
    const { simId = '' } = await shown;
    const stream = streamOf(await follow(simId));
    const snapshot = snapshotSchema.parse(((await stream.next()).value as StreamMessage).data);
    assert.equal(snapshot.isRunning, true);

    const cancel = await studio.call(`/api/mesh-sim/${simId}/cancel`, { method: 'POST' });
    assert.deepEqual(await codeOf(cancel), [409, 'run-elsewhere']);
    const record = await studio.post('/api/mesh-sim/record', { simId });
    assert.deepEqual(await codeOf(record.clone()), [409, 'run-unfinished']);
    assert.match(await record.text(), /still running/);
    const start = await studio.post('/api/mesh-sim/start', { capsuleHash });
    assert.match(await start.clone().text(), new RegExp(simId), 'names the run under way');
    assert.deepEqual(await codeOf(start), [409, 'run-busy']);

    child.kill('SIGKILL');
    let last: StreamMessage | undefined;
    for await (const message of stream) last = message;
    const end = streamEndSchema.parse(last?.data);
    assert.equal(end.outcome, 'error');
    assert.match(end.sentence, /process ended before the run did/);
    assert.equal((await newestRun())?.status, 'unfinished');
    const again = await messagesOf(await follow(simId));
    assert.deepEqual(streamEndSchema.parse(again.at(-1)?.data), end, 'also for who asks later');
  });

  it('shows no events that were altered after the run was sealed', async () => {
    const capsuleHash = await studio.pack();
    await once(meshSim('--capsule', capsuleHash, '--virtual', '--nodes', '2'), 'exit');
    const { simId = '' } = (await newestRun()) ?? {};
    const { events } = runPaths(studio.studio.workspace.paths, simId);
    assert.equal((await follow(simId)).status, 200);

    const genuine = await readFile(events, 'utf8');
    const altered = {
      'a changed time': genuine.replace(/"at":\d+/, '"at":0.5'),
      'a line taken out': genuine.replace(/^.*\n/, ''),
      'a torn end': genuine.slice(0, -20),
    };
    for (const [what, text] of Object.entries(altered)) {
      await writeFile(events, text);
      assert.deepEqual(await codeOf(await follow(simId)), [422, 'evidence-invalid'], what);
    }
    await writeFile(events, genuine);
    await appendFile(events, 'more');
    assert.deepEqual(await codeOf(await follow(simId)), [422, 'evidence-invalid']);
  });

  it('notices a ledger that is created later, and every entry of another process', async () => {
    assert.equal(studio.studio.workspace.hasLedger(), false);
    const notices = streamOf(await studio.call('/api/workspace/events'));
    const untilSize = async (size: number): Promise<void> => {
      for (;;) {
        const { value } = (await notices.next()) as { value: StreamMessage };
        assert.equal(noticeSchema.parse(value.data).changed, 'provenance');
        const page = await (await studio.call('/api/provenance')).json();
        if (provenancePageSchema.parse(page).integrity.size === size) return;
      }
    };
    for (const size of [1, 2]) {
      const seen = untilSize(size);
      assert.deepEqual(await once(meshSim('pack'), 'exit'), [0, null]);
      await seen;
    }
    await notices.return(undefined);
  });
});
