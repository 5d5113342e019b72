import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SSEStreamingApi } from 'hono/streaming';
import { describe, it } from 'mocha';
import type { MeshEvent } from '../../../src/model/events.ts';
import { planSchema } from '../../../src/model/plan.ts';
import { placeOf, streamRun } from '../../../src/api/runStream.ts';
import { RunBuffer } from '../../../src/studio/runs/runBuffer.ts';

const plan = planSchema.parse({ capsuleHash: 'a'.repeat(64) });

function packets(seq: number, count: number): MeshEvent {
  const column = new Array<number>(count).fill(0);
  const batch = { link: column, flow: column, number: column, sent: column, arrived: column };
  const rest = { configured: column, outcome: column, chunk: column };
  return { seq, at: seq, simId: randomUUID(), type: 'packets', packets: { ...batch, ...rest } };
}

function phase(seq: number): MeshEvent {
  const simId = randomUUID();
  return { seq, at: seq, simId, type: 'phase', nodeId: 'n0', phase: 'boot', status: 'ok' };
}

describe('a run buffer', () => {
  it('keeps all state events and only the newest packets, whoever reads or does not', () => {
    const buffer = new RunBuffer({ simId: randomUUID(), plan, product: 'test' });
    for (let seq = 0; seq < 100; seq += 2) {
      buffer.push(phase(seq));
      buffer.push(packets(seq + 1, 10_000));
    }
    const snapshot = buffer.snapshot();
    assert.equal(snapshot.events.length, 50);
    assert.equal(snapshot.packets.length, 20);
    assert.equal(snapshot.droppedPackets, 300_000);
    assert.equal(buffer.since(10), undefined, 'packets after 10 are gone');
    assert.deepEqual(
      buffer.since(96)?.map(({ seq }) => seq),
      [97, 98, 99],
    );
  });
});

describe('a run buffer, of what services say to each other', () => {
  it('keeps the newest, in order among all other events, and has nobody go on who missed some', () => {
    const buffer = new RunBuffer({ simId: randomUUID(), plan, product: 'test' });
    const columns = { link: [], target: [], toward: [], packets: [], bytes: [], dropped: [] };
    const traffic = { from: 0, until: 1, targets: [], ...columns, delayMs: [] };
    for (let seq = 0; seq < 24_000; seq += 2) {
      buffer.push(phase(seq));
      const common = { seq: seq + 1, at: seq, simId: buffer.simId };
      buffer.push({ ...common, type: 'traffic', traffic });
    }
    const { events } = buffer.snapshot();
    assert.equal(events.filter(({ type }) => type === 'phase').length, 12_000);
    assert.equal(events.filter(({ type }) => type === 'traffic').length, 7_000);
    assert.ok(events.every(({ seq }, index) => index === 0 || seq > (events[index - 1]?.seq ?? 0)));
    assert.equal(buffer.since(9_000), undefined);
    assert.equal(buffer.since(23_990)?.length, 9);
  });
});

describe('a stream of a run', () => {
  it('writes each event out once, however many clients follow it, and not at all where it was written out before', async () => {
    const buffer = new RunBuffer({ simId: randomUUID(), plan, product: 'test' });
    let written = 0;
    const counted = (seq: number) => {
      const event = phase(seq);
      return { ...event, toJSON: () => (written++, event) };
    };
    buffer.push(counted(0));
    const signed = counted(1);
    buffer.push(signed, JSON.stringify(signed));
    buffer.finish({ simId: buffer.simId, outcome: 'pass', sentence: 'It passed.' });
    written = 0;
    const texts = await Promise.all(
      [1, 2, 3].map(async () => {
        const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
        const stream = new SSEStreamingApi(writable, readable);
        const text = new Response(stream.responseReadable).text();
        await streamRun(stream, buffer, { generation: 'g1', seq: -1 });
        await stream.close();
        return text;
      }),
    );
    assert.equal(written, 1);
    for (const text of texts)
      assert.match(text, /"seq":0,.*\nid: g1:0\n\ndata: .*"seq":1,.*\nid: g1:1\n/);
  });

  it('ends with its client, whether it waits for events or for the client to read', async () => {
    const buffer = new RunBuffer({ simId: randomUUID(), plan, product: 'test' });
    for (const isRead of [true, false]) {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const stream = new SSEStreamingApi(writable, readable);
      const streamed = streamRun(stream, buffer, { generation: 'g1', seq: undefined });
      if (isRead) await stream.responseReadable.getReader().read();
      buffer.push(phase(buffer.seq + 1));
      stream.abort();
      await streamed;
    }
  });
});

describe('the place of a client in a stream', () => {
  it('counts only in the generation that gave it', () => {
    assert.equal(placeOf('g1:12', 'g1').seq, 12);
    for (const foreign of ['g2:12', 'g1:', 'g1:-1', 'nonsense', undefined]) {
      assert.equal(placeOf(foreign, 'g1').seq, undefined);
    }
  });
});
