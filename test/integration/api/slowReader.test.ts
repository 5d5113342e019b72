import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { snapshotSchema, streamEndSchema } from '../../../src/model/api.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { planSchema } from '../../../src/model/plan.ts';
import { whileOwned } from '../../../src/studio/runs/runLock.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { createStudioServer, streamOf, type StudioServer } from '../../support/studioServer.ts';

const BATCH = 1_000;
const MEBIBYTE = 2 ** 20;

/** Bytes of JavaScript and of buffers that are really in use: buffers are given back a turn after their owner was collected. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  await nextTurn();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A run of another process, as its run folder shows it: phases, and far more packets than any buffer holds. */
class ScriptedRun {
  readonly simId = randomUUID();
  phases = 0;
  #seq = 0;
  readonly #folder: string;

  constructor(studio: StudioServer) {
    this.#folder = runPaths(studio.studio.workspace.paths, this.simId).folder;
  }

  /** Goes on for as long as `work`. */
  during(work: () => Promise<void>): Promise<void> {
    return whileOwned(this.#folder, async () => {
      const plan = planSchema.parse({ capsuleHash: 'a'.repeat(64), params: { nodes: 2 } });
      await writeFile(path.join(this.#folder, 'plan.json'), JSON.stringify(plan));
      await writeFile(path.join(this.#folder, 'events.jsonl'), '');
      await work();
    });
  }

  async emit(packets: number): Promise<void> {
    for (let sent = 0; sent < packets; sent += 20 * BATCH) {
      const events = Array.from({ length: 20 }, (_, at) => this.#packets(sent + at * BATCH));
      events.push(this.#phase());
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      await appendFile(path.join(this.#folder, 'events.jsonl'), lines);
    }
  }

  get seq(): number {
    return this.#seq - 1;
  }

  #stamp() {
    const seq = this.#seq++;
    return { seq, at: seq, simId: this.simId };
  }

  #packets(first: number): MeshEvent {
    const column = (value: (at: number) => number) =>
      Array.from({ length: BATCH }, (_, at) => value(at));
    const zeros = column(() => 0);
    const times = {
      sent: column((at) => at / 8),
      arrived: column((at) => at / 4),
      configured: zeros,
    };
    const packets = {
      link: zeros,
      flow: zeros,
      number: column((at) => first + at),
      ...times,
      outcome: zeros,
      chunk: zeros,
    };
    return { ...this.#stamp(), type: 'packets', packets };
  }

  #phase(): MeshEvent {
    this.phases += 1;
    return { ...this.#stamp(), type: 'phase', nodeId: 'n0', phase: 'boot', status: 'ok' };
  }
}

describe('a client of an event stream that does not read', () => {
  let studio: StudioServer;
  beforeEach(async () => {
    studio = await createStudioServer();
  });
  afterEach(() => studio.dispose());

  /** Asks over real HTTP and leaves the answer in the sockets. */
  function connect(route: string): Promise<IncomingMessage> {
    const { port, token } = studio.server;
    const headers = { authorization: `Bearer ${token}` };
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: route, headers, agent: false }, (response) => {
        response.pause();
        resolve(response);
      }).on('error', reject);
    });
  }

  async function untilRead(run: ScriptedRun): Promise<void> {
    const buffer = await studio.studio.simulations.events(run.simId);
    while (buffer.seq < run.seq) await buffer.changed(AbortSignal.timeout(60_000));
  }

  it('costs bounded memory, and learns every phase when it reads again', async () => {
    const run = new ScriptedRun(studio);
    let idle: IncomingMessage | undefined;
    let used = { early: 0, late: 0 };
    await run.during(async () => {
      await run.emit(BATCH);
      idle = await connect(`/api/mesh-sim/events?simId=${run.simId}`);
      await run.emit(300_000);
      await untilRead(run);
      used = { ...used, early: await bytesInUse() };
      await run.emit(600_000);
      await untilRead(run);
      used = { ...used, late: await bytesInUse() };
    });
    const growth = (used.late - used.early) / MEBIBYTE;
    assert.ok(growth < 24, `${growth.toFixed(1)} MiB more after twice as many packets`);

    assert.ok(idle);
    const body = ReadableStream.from(idle) as ReadableStream<Uint8Array<ArrayBuffer>>;
    const seen = new Set<number>();
    const dropped: number[] = [];
    let last: unknown;
    for await (const { event, data } of streamOf(new Response(body))) {
      if (event === 'snapshot') {
        const snapshot = snapshotSchema.parse(data);
        dropped.push(snapshot.droppedPackets);
        for (const { seq } of snapshot.events) seen.add(seq);
      } else if (event === 'message') seen.add((data as MeshEvent).seq);
      last = data;
    }
    assert.equal(seen.size, run.phases, 'no phase is lost');
    assert.ok(dropped.length >= 2, 'a snapshot takes the place of what was let go of');
    assert.ok((dropped.at(-1) ?? 0) > 300_000, 'and says how many packets it stands for');
    assert.equal(streamEndSchema.parse(last).outcome, 'error', 'the end comes last');
  });

  it('leaves nothing behind when it goes in the middle of a stream', async () => {
    const watchers = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;
    const before = watchers();
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => connect('/api/workspace/events')),
    );
    while (watchers() < before + streams.length) await delay(10);
    for (const stream of streams) stream.destroy();
    while (watchers() > before) await delay(10);
  });
});
