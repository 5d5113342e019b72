import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StatedLink, NodeReport } from '../../../src/model/evidence.ts';
import { budgetUsed, budgetWidth, changeOf } from '../../../webview/draw/budget.ts';
import { keyPicture } from '../../../webview/draw/keyPicture.ts';
import { latencyShape } from '../../../webview/draw/latencyShape.ts';
import { nodeStrip } from '../../../webview/draw/phaseStrip.ts';
import { sparkline } from '../../../webview/draw/sparkline.ts';

describe('the picture of a key', () => {
  const key = '70674de6eb130eecf8a878f2f14aa39fd534d15dbd0dfd53b427479e02d988a6';

  it('is the same for the same key and its own mirror image', () => {
    const cells = keyPicture(key);
    assert.deepEqual(cells, keyPicture(key));
    for (let row = 0; row < 5; row += 1) {
      const line = cells.slice(5 * row, 5 * row + 5);
      assert.deepEqual(line, [...line].reverse());
    }
  });

  it('changes with any single bit of the key', () => {
    for (let digit = 0; digit < key.length; digit += 1) {
      const flipped = (parseInt(key.charAt(digit), 16) ^ 1).toString(16);
      const other = key.slice(0, digit) + flipped + key.slice(digit + 1);
      assert.notDeepEqual(keyPicture(other), keyPicture(key), `digit ${digit}`);
    }
  });
});

describe('the budget of an objective', () => {
  const most = { metric: 'latency-p95-ms', comparator: '<=', threshold: 200 } as const;
  const least = { metric: 'availability-percent', comparator: '>=', threshold: 95 } as const;

  it('is used by a value that must stay below, in proportion', () => {
    assert.equal(budgetUsed(most, 150), 0.75);
    assert.equal(budgetUsed(most, 200), 1);
    assert.equal(budgetUsed(most, 0), 0);
  });

  it('is, of a percentage, what may be missing', () => {
    assert.ok(Math.abs(budgetUsed(least, 97) - 0.6) < 1e-9);
    assert.equal(budgetUsed(least, 100), 0);
  });

  it('is infinite where none is left and some is used', () => {
    assert.equal(budgetUsed({ ...least, threshold: 100 }, 99), Infinity);
    assert.equal(budgetUsed({ ...least, threshold: 100 }, 100), 0);
    assert.equal(budgetUsed({ ...most, threshold: 0 }, 3), Infinity);
  });

  it('puts any other value that must stay above the same way round', () => {
    const rate = { metric: 'requests', comparator: '>=', threshold: 100 } as const;
    assert.equal(budgetUsed(rate, 200), 0.5);
    assert.equal(budgetUsed(rate, 50), 2);
  });

  it('stays inside its bar, with the objective always at the same place', () => {
    assert.equal(budgetWidth(1), 0.8);
    assert.equal(budgetWidth(Infinity), 1);
  });

  it('calls a change by what it means, not by its sign', () => {
    assert.equal(changeOf(most, 150, 170), 'better');
    assert.equal(changeOf(least, 96, 97), 'worse');
    assert.equal(changeOf(most, 150.01, 150), 'same');
  });
});

describe("the strip of a node's phases", () => {
  const at = (ms: number): string => new Date(ms).toISOString();
  const extent = { began: 0, ended: 1_000 };
  const phase = (name: string, start: number, end: number, status: 'ok' | 'error' = 'ok') => ({
    name,
    start: at(start),
    end: at(end),
    status,
  });
  const report = (phases: NodeReport['phases']): NodeReport => ({
    nodeId: 'n1',
    phases,
    signatureVerified: true,
  });

  it('is down from a crash until the node boots again, and healthy to the end', () => {
    const strip = nodeStrip(
      report([
        phase('boot', 0, 100),
        phase('receive', 100, 300, 'error'),
        phase('boot', 500, 600),
        phase('healthy', 600, 700),
      ]),
      extent,
    );
    assert.deepEqual(strip.segments, [
      { kind: 'boot', start: 0, end: 100 },
      { kind: 'receive', start: 100, end: 300 },
      { kind: 'down', start: 300, end: 500 },
      { kind: 'boot', start: 500, end: 600 },
      { kind: 'healthy', start: 600, end: 1_000 },
    ]);
    assert.equal(strip.up, 0.8);
    assert.equal(strip.healthyAt, 700);
  });

  it('ends in halted for a node that refused to go on', () => {
    const strip = nodeStrip(
      report([phase('boot', 200, 400), phase('verify', 400, 400, 'error')]),
      extent,
    );
    assert.deepEqual(strip.segments.at(-1), { kind: 'halted', start: 400, end: 1_000 });
    assert.equal(strip.up, 0.25);
    assert.equal(strip.healthyAt, undefined);
  });
});

describe('the sparkline of inbound latency', () => {
  const scale = { width: 40, height: 20, span: 1_000, configured: [40, 180] } as const;

  it('breaks where nothing came, and marks the columns with late packets', () => {
    const line = sparkline({ arrived: [50, 150, 850], latency: [60, 60, 400] }, scale);
    assert.equal(line.line.match(/M/g)?.length, 2);
    assert.deepEqual(line.late, [34]);
  });

  it('puts the configured range where the line is drawn for it', () => {
    const { band, line } = sparkline({ arrived: [50], latency: [180] }, scale);
    assert.match(line, new RegExp(`^M2.0 ${band.y.toFixed(1)}`));
  });
});

describe('the shape of latencies', () => {
  const link = (delivered: number, p50: number, p90: number, p99: number): StatedLink => ({
    from: 'n0',
    to: 'n1',
    sent: delivered,
    delivered,
    dropped: 0,
    unreachable: 0,
    configuredMs: null,
    achievedMs: { p50, p90, p99 },
  });
  const across = { from: 0, end: 100, bars: 10 };

  it('spreads what lies between two quantiles evenly', () => {
    const shape = latencyShape([link(10, 50, 90, 99)], across);
    assert.ok(Math.abs((shape[0] ?? 0) - 0.1) < 1e-9);
    assert.ok(Math.abs((shape[6] ?? 0) - 0.1) < 1e-9);
    assert.ok(Math.abs(shape.reduce((sum, share) => sum + share, 0) - 0.99) < 1e-9);
  });

  it('weighs links by what they delivered and keeps what is beyond the end in the last bar', () => {
    const shape = latencyShape([link(30, 5, 5, 5), link(10, 500, 500, 500)], across);
    assert.ok(Math.abs((shape[0] ?? 0) - 0.75 * 0.99 - 0.25 * 0.5 * 0.02) < 0.02);
    assert.ok((shape[9] ?? 0) > 0.2);
  });

  it('is empty for links that delivered nothing', () => {
    const silent = { ...link(0, 0, 0, 0), achievedMs: null };
    assert.deepEqual(latencyShape([silent], across), new Array(10).fill(0));
  });
});
