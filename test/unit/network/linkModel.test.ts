import assert from 'node:assert/strict';
import { CHUNK_FLOW as CHUNK, CONTROL_FLOW as CONTROL } from '../../../src/mesh/flows.ts';
import type { LinkSpec } from '../../../src/model/linkSpec.ts';
import type { Delay, Loss } from '../../../src/model/topology.ts';
import { CORRUPT, DELIVERED, LOST, newFate } from '../../../src/network/fate.ts';
import type { Flow } from '../../../src/network/flow.ts';
import { LinkModel } from '../../../src/network/linkModel.ts';

const SEED = 609;
const LINK = 7;

function modelOf(change: Partial<LinkSpec>): LinkModel {
  const plain: LinkSpec = {
    delay: { kind: 'constant', ms: 10 },
    loss: { kind: 'bernoulli', p: 0 },
  };
  return new LinkModel({ ...plain, ...change }, SEED);
}

function delaysOf(delay: Delay, count: number): number[] {
  const model = modelOf({ delay });
  const fate = newFate();
  return Array.from({ length: count }, (_, number) => {
    model.decide(LINK, CHUNK, number, fate);
    return fate.delayMs;
  });
}

function lossesOf(loss: Loss, count: number): boolean[] {
  const model = modelOf({ loss });
  const fate = newFate();
  return Array.from({ length: count }, (_, number) => {
    model.decide(LINK, CHUNK, number, fate);
    return fate.outcome === LOST;
  });
}

/** The largest distance between the samples' distribution and the expected one (Kolmogorov and Smirnov). */
function distance(samples: readonly number[], distribution: (x: number) => number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted.reduce((most, x, index) => {
    const expected = distribution(x);
    const above = Math.abs((index + 1) / sorted.length - expected);
    return Math.max(most, above, Math.abs(index / sorted.length - expected));
  }, 0);
}

/** 0.1 % point of the Kolmogorov distribution, for large samples. */
const critical = (samples: number) => 1.95 / Math.sqrt(samples);

/** Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
function normalDistribution(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp((-x * x) / 2);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('delays of a link', () => {
  const samples = 20_000;

  it('are uniform between the ends', () => {
    const delays = delaysOf({ kind: 'uniform', minMs: 40, maxMs: 180 }, samples);
    const far = distance(delays, (x) => Math.min(Math.max((x - 40) / 140, 0), 1));
    assert.ok(far < critical(samples), `distance ${far}`);
  });

  it('are log-normal above their shift', () => {
    const delays = delaysOf({ kind: 'log-normal', shiftMs: 20, medianMs: 30, sigma: 0.5 }, samples);
    const far = distance(delays, (x) => normalDistribution(Math.log((x - 20) / 30) / 0.5));
    assert.ok(far < critical(samples), `distance ${far}`);
  });

  it('follow given quantiles', () => {
    const delays = delaysOf({ kind: 'quantiles', ms: [10, 20, 100] }, samples);
    const far = distance(delays, (x) => (x < 20 ? (x - 10) / 20 : 0.5 + (x - 20) / 160));
    assert.ok(far < critical(samples), `distance ${far}`);
  });

  it('are the constant, to the microsecond', () => {
    assert.deepEqual(new Set(delaysOf({ kind: 'constant', ms: 12.3456 }, 50)), new Set([12.346]));
  });

  it('have the mean that bounds and shortest paths count with', () => {
    const kinds: Delay[] = [
      { kind: 'uniform', minMs: 40, maxMs: 180 },
      { kind: 'log-normal', shiftMs: 20, medianMs: 30, sigma: 0.5 },
      { kind: 'quantiles', ms: [10, 20, 100] },
    ];
    for (const delay of kinds) {
      const expected = modelOf({ delay }).meanDelayMs;
      const measured = mean(delaysOf(delay, samples));
      assert.ok(Math.abs(measured / expected - 1) < 0.02, `${delay.kind}: ${measured}`);
    }
  });
});

describe('losses of a link', () => {
  it('come at the given rate, independently', () => {
    const samples = 50_000;
    const losses = lossesOf({ kind: 'bernoulli', p: 0.04 }, samples);
    const lost = losses.filter(Boolean).length;
    // Five standard deviations.
    const spread = 5 * Math.sqrt(samples * 0.04 * 0.96);
    assert.ok(Math.abs(lost - samples * 0.04) < spread, `${lost} lost`);
    const pairs = losses.filter((isLost, k) => isLost && losses[k + 1] === true).length;
    assert.ok(Math.abs(pairs - samples * 0.0016) < 5 * Math.sqrt(samples * 0.0016), `${pairs}`);
  });

  it('come in bursts with the mean loss and burst length of the formula', () => {
    const p = 0.02;
    const r = 0.2;
    const samples = 200_000;
    const bad = { kind: 'gilbert-elliott', p, r, lossGood: 0, lossBad: 1 } as const;
    const losses = lossesOf(bad, samples);
    const bursts = losses.filter((isLost, k) => isLost && losses[k - 1] !== true).length;
    const lost = losses.filter(Boolean).length;
    assert.ok(Math.abs(lost / samples / (p / (p + r)) - 1) < 0.05, `mean loss ${lost / samples}`);
    assert.ok(Math.abs(lost / bursts / (1 / r) - 1) < 0.05, `burst of ${lost / bursts}`);
  });

  it('are lost in both states at the states’ own rates', () => {
    const loss = { kind: 'gilbert-elliott', p: 0.1, r: 0.3, lossGood: 0.01, lossBad: 0.6 } as const;
    const measured = mean(lossesOf(loss, 200_000).map(Number));
    const expected = modelOf({ loss }).meanLoss;
    assert.ok(Math.abs(expected - (0.25 * 0.6 + 0.75 * 0.01)) < 1e-12);
    assert.ok(Math.abs(measured / expected - 1) < 0.05, `${measured} instead of ${expected}`);
  });

  it('alternate when both transitions are certain', () => {
    const loss = { kind: 'gilbert-elliott', p: 1, r: 1, lossGood: 0, lossBad: 1 } as const;
    const losses = lossesOf(loss, 100);
    assert.ok(losses.every((isLost, k) => k === 0 || isLost !== losses[k - 1]));
  });

  it('never come from a chain that can not leave its good state', () => {
    const loss = { kind: 'gilbert-elliott', p: 0, r: 0, lossGood: 0, lossBad: 1 } as const;
    assert.ok(!lossesOf(loss, 1000).includes(true));
  });
});

describe('a decision', () => {
  const model = modelOf({
    delay: { kind: 'uniform', minMs: 1, maxMs: 90 },
    loss: { kind: 'gilbert-elliott', p: 0.05, r: 0.3, lossGood: 0.01, lossBad: 0.5 },
    duplicate: 0.1,
    corrupt: 0.1,
  });

  it('is the same whatever was asked before, and in whatever order', () => {
    const forward = Array.from({ length: 500 }, (_, number) => {
      const fate = newFate();
      model.decide(LINK, CHUNK, number, fate);
      return fate;
    });
    for (let number = 499; number >= 0; number -= 7) {
      const fate = newFate();
      model.decide(LINK, CHUNK, number, fate);
      assert.deepEqual(fate, forward[number]);
    }
  });

  it('differs between links, flows and seeds', () => {
    const delaysFor = (link: number, flow: Flow, seed: number) => {
      const fate = newFate();
      const other = new LinkModel(model.spec, seed);
      return Array.from({ length: 20 }, (_, number) => {
        other.decide(link, flow, number, fate);
        return fate.delayMs;
      }).join();
    };
    const all = [
      delaysFor(1, CONTROL, 1),
      delaysFor(2, CONTROL, 1),
      delaysFor(1, CHUNK, 1),
      delaysFor(1, CONTROL, 2),
    ];
    assert.equal(new Set(all).size, 4);
  });

  it('damages chunks and loses other datagrams, for their frame check fails', () => {
    const corrupting = modelOf({ corrupt: 1 });
    const fate = newFate();
    corrupting.decide(LINK, CHUNK, 0, fate);
    assert.equal(fate.outcome, CORRUPT);
    corrupting.decide(LINK, CONTROL, 0, fate);
    assert.equal(fate.outcome, LOST);
  });

  it('doubles datagrams at the given rate, each double with a delay of its own', () => {
    const doubling = modelOf({ duplicate: 0.2, delay: { kind: 'uniform', minMs: 0, maxMs: 9 } });
    const fate = newFate();
    let doubles = 0;
    for (let number = 0; number < 10_000; number++) {
      doubling.decide(LINK, CHUNK, number, fate);
      assert.equal(fate.outcome, DELIVERED);
      if (fate.duplicateAt >= 0) doubles += 1;
    }
    assert.ok(Math.abs(doubles - 2000) < 200, `${doubles} doubles`);
  });
});
