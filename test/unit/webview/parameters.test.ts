import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  DEFAULT_PARAMETERS,
  parseParameters,
  withLatency,
} from '../../../webview/state/parameters.ts';

describe('the parameters of the next run', () => {
  it('swap the ends of the latency range when one thumb passes the other', () => {
    assert.deepEqual(withLatency([40, 180], 'min', 200), [180, 200]);
    assert.deepEqual(withLatency([40, 180], 'max', 10), [10, 40]);
    assert.deepEqual(withLatency([40, 180], 'max', 90), [40, 90]);
  });

  it('take what JSON leaves out from the defaults', () => {
    const parsed = parseParameters('{"params":{"nodes":3},"seed":609}');
    assert.equal(parsed.params.nodes, 3);
    assert.deepEqual(parsed.params.latencyMs, DEFAULT_PARAMETERS.params.latencyMs);
    assert.equal(parsed.seed, 609);
  });

  it('refuse a key they do not know, and what is no object', () => {
    assert.throws(() => parseParameters('{"node":3}'), /"node" is not a part of a plan/);
    assert.throws(() => parseParameters('[]'), /one JSON object/);
  });
});
