import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEvent } from '../../../src/model/events.ts';
import { planSchema } from '../../../src/model/plan.ts';
import { RunHistory } from '../../../webview/run/history.ts';
import { NodeLanes } from '../../../webview/run/laneSegments.ts';

const simId = '00000000-0000-4000-8000-000000000000';
const plan = planSchema.parse({ capsuleHash: 'a'.repeat(64), params: { nodes: 2 } });

function emptyHistory(): RunHistory {
  const rest = { events: [], packets: [], droppedPackets: 0 };
  return new RunHistory({ simId, seq: -1, plan, product: 'test', isRunning: true, ...rest });
}

function chunk(seq: number): MeshEvent {
  const common = { seq, at: seq, simId, nodeId: 'n1', from: 'n0' };
  return { ...common, type: 'chunk', chunk: seq, have: seq + 1, total: 2_000, status: 'stored' };
}

describe('the history of a run', () => {
  it('shows of any past instant what was known then', () => {
    const history = emptyHistory();
    for (let seq = 0; seq < 1_500; seq += 1) history.push(chunk(seq));
    for (const t of [0, 399, 400, 401, 1_200, 1_499]) {
      assert.equal(history.viewAt(t).nodes[1]?.chunksHave, t + 1, `at ${t} ms`);
    }
    assert.equal(history.view.chunksStored, 1_500, 'looking back changes nothing');
  });

  it('counts of a past instant the packets sent until then', () => {
    const history = emptyHistory();
    const columns = { link: [1], flow: [0], number: [0], configured: [5], chunk: [-1] };
    for (let seq = 0; seq < 50; seq += 1) {
      const sent = seq * 100;
      const packets = { ...columns, sent: [sent], arrived: [sent + 50], outcome: [seq % 2] };
      history.push({ seq, at: sent + 50, simId, type: 'packets', packets });
    }
    const { packetsSent, packetsDelivered, packetsLost } = history.viewAt(2_449);
    assert.deepEqual([packetsSent, packetsDelivered, packetsLost], [25, 12, 12]);
    assert.equal(history.view.packetsSent, 50);
  });

  it('tells what services said when they said it, whenever that comes', () => {
    const history = emptyHistory();
    const said = { type: 'log', nodeId: 'n0', service: 'web', status: 'stdout' } as const;
    const up = { type: 'node', nodeId: 'n1', status: 'up' } as const;
    for (const at of [10, 30]) history.push({ ...up, seq: at, at, simId });
    for (const at of [20, 25, 30]) history.push({ ...said, seq: at, at, simId, text: 'served' });
    assert.deepEqual(
      history.log.map(({ at }) => at),
      [10, 20, 25, 30, 30],
    );
  });

  it('draws a crash and a restart as their own stretches of a lane', () => {
    const common = { simId, nodeId: 'n1' };
    const lanes = new NodeLanes(2);
    lanes.push({ ...common, seq: 0, at: 0, type: 'phase', phase: 'boot', status: 'started' });
    lanes.push({ ...common, seq: 1, at: 10, type: 'phase', phase: 'receive', status: 'started' });
    lanes.push({ ...common, seq: 2, at: 20, type: 'node', status: 'crashed' });
    lanes.push({ ...common, seq: 3, at: 30, type: 'node', status: 'restarted' });
    assert.deepEqual(lanes.lanes[1]?.segments, [
      { kind: 'boot', start: 0, end: 10 },
      { kind: 'receive', start: 10, end: 20 },
      { kind: 'down', start: 20, end: 30 },
      { kind: 'boot', start: 30, end: Infinity },
    ]);
  });

  it('ends a lane for good where its node halted', () => {
    const common = { simId, nodeId: 'n1' };
    const lanes = new NodeLanes(2);
    lanes.push({ ...common, seq: 0, at: 0, type: 'phase', phase: 'verify', status: 'started' });
    lanes.push({ ...common, seq: 1, at: 5, type: 'node', status: 'halted' });
    lanes.push({ ...common, seq: 2, at: 9, type: 'phase', phase: 'receive', status: 'started' });
    const kinds = lanes.lanes[1]?.segments.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['verify', 'halted']);
  });

  it('tells any instant of a run of 300,000 events from a bounded number of copies', () => {
    const history = emptyHistory();
    for (let seq = 0; seq < 300_000; seq += 1) history.push(chunk(seq));
    for (const t of [0, 77_777, 150_000, 299_998]) {
      assert.equal(history.viewAt(t).nodes[1]?.chunksHave, t + 1, `at ${t} ms`);
    }
  });
});
