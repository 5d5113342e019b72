import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { startedSchema } from '../../../src/model/api.ts';
import { readBlocks } from '../../../src/runtime/pcapng.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import {
  createStudioServer,
  eventsOf,
  messagesOf,
  type StudioServer,
} from '../../support/studioServer.ts';
import { talkingService, wireHindrance } from '../../support/talkingService.ts';

const suite = wireHindrance() === undefined ? describe : describe.skip;
suite('the packets a run keeps (needs a TUN device)', () => {
  let studio: StudioServer;
  let simId: string;
  let outcome: unknown;
  let kept: unknown;
  let file: Buffer;
  before(async () => {
    studio = await createStudioServer(undefined, [talkingService()]);
    const request = {
      capsuleHash: await studio.pack(),
      params: { nodes: 2, latencyMs: [20, 20] },
      capture: 'headers',
    };
    const started = await studio.post('/api/mesh-sim/start', request);
    ({ simId } = startedSchema.parse(await started.json()));
    const messages = await messagesOf(await studio.call(`/api/mesh-sim/events?simId=${simId}`));
    outcome = messages.at(-1)?.data;
    const snapshot = messages[0]?.data as { events: { type: string; capture?: string }[] };
    const events = [...snapshot.events, ...eventsOf(messages)];
    kept = events.find(({ type }) => type === 'run');
    const response = await studio.call(`/api/mesh-sim/${simId}/pcap`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/x-pcapng');
    file = Buffer.from(await response.arrayBuffer());
  });
  after(() => studio.dispose());

  it('are told of at its start, and lie beside its record, for their owner alone', async () => {
    assert.equal((outcome as { outcome: string }).outcome, 'pass');
    assert.equal((kept as { capture: string }).capture, 'headers');
    const folder = path.join(studio.folder, '.meshsim', 'runs', simId);
    const parts = (await readdir(folder)).filter((name) => name.startsWith('capture'));
    assert.deepEqual(parts, ['capture-headers.0']);
    const { mode } = await stat(path.join(folder, 'capture-headers.0'));
    assert.equal(mode & 0o777, 0o600);
    const capsim = await readFile(path.join(folder, 'result.capsim'), 'utf8');
    assert.ok(!capsim.includes('capture-headers'));
  });

  it('have their headers and not what they carry', () => {
    assert.ok(!file.includes('GET /'), 'a request');
    assert.ok(!file.includes('10.99.0.'), 'an answer: the address of who asked');
  });

  it('are written by mesh-sim pcap as the API gives them', async () => {
    const commands = await createCommandLine(studio.studio.workspace.options.configFolder);
    const target = path.join(await temporaryFolder(), 'run.pcapng');
    const args = ['pcap', simId.slice(0, 8), '-o', target];
    const { exitCode, stdout, stderr } = await commands.meshSim(args, studio.folder);
    assert.equal(exitCode, 0, stderr);
    assert.equal(stdout.trim(), target);
    assert.match(stderr, /^mesh-sim: \d+ packets, headers only$/m);
    const written = await readFile(target);
    // Their headers differ: in the name of the program that wrote them.
    assert.deepEqual(written.subarray(-1_000), file.subarray(-1_000));
    await rm(path.dirname(target), { recursive: true });
  });

  it('are opened by tshark, each with its interface and its fate', async function () {
    const tshark = (args: string[]) => spawnSync('tshark', args, { encoding: 'utf8' });
    if (tshark(['--version']).status !== 0) {
      this.test!.title += ' (skipped: this machine has no tshark)';
      this.skip();
    }
    const folder = await temporaryFolder();
    const capture = path.join(folder, 'run.pcapng');
    await writeFile(capture, file);
    const shown = ['frame.interface_name', 'ip.src', 'tcp.port', 'tcp.flags.str', 'frame.comment'];
    const fields = shown.flatMap((field) => ['-e', field]);
    const { stdout, stderr, status } = tshark(['-r', capture, '-T', 'fields', ...fields]);
    await rm(folder, { recursive: true });
    assert.equal(status, 0, stderr);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    assert.ok(rows.length >= 12, `${rows.length} packets`);
    const asking = rows.filter(([, , , flags]) => flags === '··········S·');
    assert.ok(asking.length >= 2, 'each asked the other');
    for (const [face, source, ports = '', , comment = ''] of rows) {
      assert.equal(source, face === 'n0' ? '10.99.0.1' : '10.99.0.2');
      assert.ok(ports.split(',').includes('7301'), ports);
      const other = face === 'n0' ? 'n1' : 'n0';
      const words = `^delivered after [0-9.]+ ms, drawn delay 20.000 ms; packet \\d+ of ${face}→${other}$`;
      assert.match(comment, new RegExp(words));
    }
  });

  it('are missed in a sentence where a run kept none, or there was no such run', async () => {
    const runs = path.join(studio.folder, '.meshsim', 'runs', simId);
    assert.ok(readBlocks(await readFile(path.join(runs, 'capture-headers.0'))).packets > 0);
    await rm(path.join(runs, 'capture-headers.0'));
    const missing = await studio.call(`/api/mesh-sim/${simId}/pcap`);
    assert.equal(missing.status, 404);
    assert.match(JSON.stringify(await missing.json()), /keeps no packets.*--pcap/);
    const unknown = await studio.call('/api/mesh-sim/00000000/pcap');
    assert.equal(unknown.status, 404);
  });
});
