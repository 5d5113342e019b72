import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { startRequestSchema } from '../../../src/model/api.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { regionTopology, USUAL_REGIONS } from '../../../src/model/regions.ts';
import {
  DEFAULT_PARAMETERS,
  parameters,
  refusalOf,
  setParameters,
  setParams,
  startWith,
  startRequest,
  written,
} from '../../../webview/state/parameters.ts';
import { parseParameters } from '../../../webview/state/parseParameters.ts';
import { sortedRange } from '../../../webview/ui/sortedRange.ts';

const HASH = 'a'.repeat(64);
const DRIFT = { node: 'n4', service: 'orders', commit: '9c0abe5' };
const FAULTS: Fault[] = [
  { when: { atMs: 10 }, do: { slow: 'n1', factor: 2.5 } },
  {
    when: { node: 'n1', phase: 'receive', progress: 0.5 },
    do: { kill: 'n1', restartAfterMs: 300 },
  },
  {
    when: { afterFault: 1, delayMs: 20 },
    do: { partition: { from: ['n0'], to: ['n4', 'n3'], oneWay: true }, healAfterMs: 900 },
  },
  { when: { atMs: 0 }, do: { corruptChunks: { to: 'n2', count: 3 } } },
  { when: { atMs: 0 }, do: { byzantine: 'n2' } },
  {
    when: { atMs: 0 },
    do: { degradeLink: { from: 'n0', to: 'n1', rateBitsPerSecond: 1e6, state: 'blackhole' } },
  },
];
const GILBERT_ELLIOTT = {
  kind: 'gilbert-elliott' as const,
  p: 0.1,
  r: 0.3,
  lossGood: 0,
  lossBad: 1,
};
const CUSTOM = {
  kind: 'custom' as const,
  links: [
    { from: 'n0', to: 'n1' },
    { from: 'n1', to: 'n0', delay: { kind: 'uniform' as const, minMs: 1, maxMs: 9 } },
    { from: 'n0', to: 'n4', delay: { kind: 'quantiles' as const, ms: [1, 5, 20] }, corrupt: 0.01 },
    { from: 'n4', to: 'n0', loss: GILBERT_ELLIOTT, queueBytes: 65_536, duplicate: 0.1 },
    {
      ...{ from: 'n1', to: 'n4', loss: { kind: 'bernoulli' as const, p: 0.5 } },
      delay: { kind: 'log-normal' as const, shiftMs: 1, medianMs: 20, sigma: 0.5 },
    },
  ],
};

afterEach(() => {
  parameters.value = DEFAULT_PARAMETERS;
  written.value = {};
});

describe('the parameters of the next run', () => {
  it('are a request the server takes, whatever is chosen', () => {
    for (const preset of CHAOS_PRESETS) {
      setParameters({ chaos: { preset }, drift: [DRIFT], topology: regionTopology(USUAL_REGIONS) });
      const { success, error } = startRequestSchema.safeParse(startRequest(HASH));
      assert.ok(success, error?.message);
    }
  });

  it('start with what the settings of the host say', () => {
    startWith({
      params: { nodes: 3, latencyMs: [5, 20], packetLoss: 2 },
      deadlineMs: 600_000,
    });
    const { params, deadlineMs, seed } = startRequest(HASH);
    assert.deepEqual(params, {
      ...{ nodes: 3, latencyMs: [5, 20], packetLoss: 2 },
      verifySignatures: true,
    });
    assert.equal(deadlineMs, 600_000);
    assert.equal(seed, DEFAULT_PARAMETERS.seed);
  });

  it('ask to be judged by what was measured only where that is switched on', () => {
    assert.ok(!('failOnObjectives' in startRequest(HASH)));
    assert.ok(!('failOnRegression' in startRequest(HASH)));
    setParameters({ failOnObjectives: true, failOnRegression: true });
    const request = startRequestSchema.parse(startRequest(HASH));
    assert.deepEqual([request.failOnObjectives, request.failOnRegression], [true, true]);
  });

  it('come back the same from their JSON', () => {
    setParameters({ topology: { kind: 'star', centre: 'n2' }, drift: [DRIFT], seed: 609 });
    setParameters({ failOnObjectives: true });
    assert.deepEqual(parseParameters(JSON.stringify(parameters.value)), parameters.value);
  });

  it('take a fault list and a topology of their own from JSON, as the server does', () => {
    const text = JSON.stringify({
      chaos: { preset: 'slow-node', faults: FAULTS },
      topology: CUSTOM,
    });
    setParameters(parseParameters(text));
    const { chaos, topology } = startRequestSchema.parse(startRequest(HASH));
    assert.deepEqual(chaos, { preset: 'slow-node', faults: FAULTS });
    assert.deepEqual(topology, CUSTOM);
    assert.deepEqual(parseParameters(JSON.stringify(parameters.value)), parameters.value);
  });

  it('keep what was written while the form changes something else, and offer it after another choice', () => {
    setParameters({ chaos: { preset: 'none', faults: FAULTS }, topology: CUSTOM });
    setParams({ packetLoss: 3 });
    assert.deepEqual(parameters.value.chaos.faults, FAULTS);
    setParameters({ chaos: { preset: 'partition' }, topology: { kind: 'ring' } });
    assert.deepEqual(written.value, {
      chaos: { preset: 'none', faults: FAULTS },
      topology: CUSTOM,
    });
  });

  it('are refused, not bent, while what was written names a node that a smaller mesh does not have', () => {
    setParameters({ chaos: { preset: 'none', faults: FAULTS } });
    setParams({ nodes: 4 });
    assert.deepEqual(parameters.value.chaos.faults, FAULTS);
    assert.match(
      refusalOf(parameters.value) ?? '',
      /^chaos\.faults\[2\]\.do\.partition\.to\[0\] must be one of n0, n1, n2, n3, not "n4"\.$/,
    );
    setParameters({ chaos: { preset: 'none' }, topology: CUSTOM });
    assert.match(refusalOf(parameters.value) ?? '', /^topology\.links\[2\]\.to must be one of/);
  });

  it('name no node that a smaller mesh does not have', () => {
    setParameters({ topology: { kind: 'star', centre: 'n3' }, drift: [DRIFT] });
    setParams({ nodes: 3 });
    assert.equal(parameters.value.drift[0]?.node, 'n2');
    assert.deepEqual(parameters.value.topology, { kind: 'star', centre: 'n2' });
  });

  it('keep placed services on nodes there are', () => {
    setParams({ nodes: 5 });
    setParameters({ placement: { orders: ['n1', 'n3', 'n4'] } });
    setParams({ nodes: 3 });
    assert.deepEqual(parameters.value.placement, { orders: ['n1', 'n2'] });
    assert.deepEqual(startRequest('ab').placement, { orders: ['n1', 'n2'] });
    setParameters({ hosts: { n1: 'edge', n4: 'box', '*': ['local', 'box'] } });
    assert.deepEqual(parameters.value.hosts, { n1: 'edge', '*': ['local', 'box'] });
    assert.deepEqual(startRequest('ab').hosts, { n1: 'edge', '*': ['local', 'box'] });
    setParameters({ hosts: { n1: 'local' } });
    assert.equal('hosts' in startRequest('ab'), false);
    setParameters({ hosts: undefined });
    setParameters({ placement: {} });
    assert.equal('placement' in startRequest('ab'), false);
  });

  it('are refused before they are sent while drift has no commit', () => {
    assert.equal(refusalOf(DEFAULT_PARAMETERS), undefined);
    setParameters({ drift: [{ ...DRIFT, commit: 'ab' }] });
    assert.match(refusalOf(parameters.value) ?? '', /n4 needs a commit of at least 4/);
  });

  it('take the ends of a range in whatever order thumbs stand', () => {
    assert.deepEqual(sortedRange([200, 180]), [180, 200]);
    assert.deepEqual(sortedRange([40, 180]), [40, 180]);
  });
});
