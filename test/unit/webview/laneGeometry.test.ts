import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { OUTCOMES } from '../../../src/model/packetClasses.ts';
import {
  axisLabel,
  axisSteps,
  edgesOf,
  laneY,
  msAt,
  xOf,
  type LaneScale,
} from '../../../webview/draw/laneScale.ts';
import { curveOf, distanceTo, type Curve } from '../../../webview/draw/packetCurve.ts';
import { isDense, stretchFor } from '../../../webview/draw/packetExtent.ts';
import { packetAt } from '../../../webview/draw/packetHit.ts';
import { PacketStore } from '../../../webview/run/packetStore.ts';

const SCALE: LaneScale = {
  from: 0,
  to: 4_000,
  width: 800,
  top: 28,
  laneHeight: 60,
  barHeight: 15,
  nodes: 3,
};

function storeWith(...outcomes: (typeof OUTCOMES)[number][]): PacketStore {
  const store = new PacketStore(SCALE.nodes, 180);
  store.push({
    link: outcomes.map(() => 1),
    flow: outcomes.map(() => 1),
    number: outcomes.map((_, index) => index),
    sent: outcomes.map(() => 1_000),
    arrived: outcomes.map((outcome) => (outcome === 'lost' ? 1_000 : 1_100)),
    configured: outcomes.map(() => 100),
    outcome: outcomes.map((outcome) => OUTCOMES.indexOf(outcome)),
    chunk: outcomes.map(() => 0),
  });
  return store;
}

describe('the scale of the lanes', () => {
  it('maps time to pixels and back', () => {
    assert.equal(xOf(SCALE, 1_000), 200);
    assert.equal(msAt(SCALE, 200), 1_000);
  });

  it('labels its axis at least 64 pixels apart, at any zoom', () => {
    for (const to of [25, 137, 999, 4_000, 61_000, 600_000]) {
      const scale = { ...SCALE, to };
      const ticks = axisSteps(scale);
      const [first = 0, second = 0] = ticks;
      assert.ok(xOf(scale, second) - xOf(scale, first) >= 64 - 1e-6, `until ${to} ms`);
      const labels = new Set(ticks.map((ms) => axisLabel(ms, ticks)));
      assert.equal(labels.size, ticks.length, 'no two say the same');
    }
  });

  it('joins the edges of two lanes that face each other', () => {
    const [down, up] = [edgesOf(SCALE, 0, 1), edgesOf(SCALE, 1, 0)];
    assert.deepEqual(down, [laneY(SCALE, 0) + 8.5, laneY(SCALE, 1) - 8.5]);
    assert.deepEqual(up, [down[1], down[0]]);
  });
});

function rounded(curve: Curve | undefined): Record<string, number> {
  const entries = Object.entries(curve ?? {}) as [string, number][];
  return Object.fromEntries(entries.map(([name, px]) => [name, Math.round(px * 1e6) / 1e6]));
}

describe('the curve of a packet', () => {
  it('reaches the lane of its receiver when it arrived, and ends halfway when it was lost', () => {
    const store = storeWith('delivered', 'lost', 'peer-down');
    const [delivered, lost, dead] = [0, 1, 2].map((at) => curveOf(store, at, SCALE));
    const [start, end] = edgesOf(SCALE, 0, 1);
    assert.deepEqual(rounded(delivered), { x0: 200, y0: start, x1: 220, y1: end });
    assert.deepEqual(rounded(lost), { x0: 200, y0: start, x1: 210, y1: (start + end) / 2 });
    assert.deepEqual(dead, delivered);
  });

  it('is told from a point beside it by the distance along x', () => {
    const curve = { x0: 100, y0: 0, x1: 200, y1: 40 };
    assert.ok(distanceTo(curve, 150, 20) < 0.1, 'its middle');
    assert.ok(Math.abs(distanceTo(curve, 160, 20) - 10) < 0.1);
    assert.ok(distanceTo(curve, 100, 0.001) < 1, 'its start');
    assert.equal(distanceTo(curve, 150, 41), Infinity);
  });

  it('is found under the pointer unless its class is hidden', () => {
    const store = storeWith('delivered');
    const point = { x: 210, y: (laneY(SCALE, 0) + laneY(SCALE, 1)) / 2 };
    assert.equal(
      packetAt(store, SCALE, point, () => false),
      0,
    );
    assert.equal(
      packetAt(store, SCALE, point, () => true),
      undefined,
    );
    assert.equal(
      packetAt(store, SCALE, { ...point, x: 240 }, () => false),
      undefined,
    );
  });
});

describe('the sheet of packets', () => {
  it('is drawn as density from what an eye can no longer tell apart', () => {
    assert.equal(isDense(1_000, 800), false);
    assert.equal(isDense(1_201, 800), true);
    assert.equal(isDense(900, 400), true);
  });

  it('holds three times what is in view, within the run', () => {
    const whole = { from: 0, to: 10_000 };
    assert.deepEqual(stretchFor({ ...SCALE, from: 4_000, to: 5_000 }, whole), {
      from: 3_000,
      to: 6_000,
    });
    assert.deepEqual(stretchFor({ ...SCALE, from: 0, to: 10_000 }, whole), whole);
  });
});
