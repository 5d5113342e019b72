import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { startRequestSchema } from '../../../src/model/api.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { presetSchedule } from '../../../src/model/chaosPresets.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { THREE_REGIONS } from '../../../src/model/regions.ts';
import { chaosScript } from '../../../webview/state/chaosScript.ts';
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

function links(list: string): string {
  return `{"topology":{"kind":"custom","links":[${list}]}}`;
}

function faults(list: string): string {
  return `{"chaos":{"faults":[${list}]}}`;
}

afterEach(() => {
  parameters.value = DEFAULT_PARAMETERS;
  written.value = {};
});

describe('the parameters of the next run', () => {
  it('are a request the server takes, whatever is chosen', () => {
    for (const preset of CHAOS_PRESETS) {
      setParameters({ chaos: { preset }, drift: [DRIFT], topology: THREE_REGIONS });
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

describe('parameters as JSON', () => {
  it('take what is left out from the defaults', () => {
    const parsed = parseParameters('{"params":{"nodes":3},"seed":609}');
    assert.equal(parsed.params.nodes, 3);
    assert.deepEqual(parsed.params.latencyMs, DEFAULT_PARAMETERS.params.latencyMs);
    assert.equal(parsed.seed, 609);
  });

  const REFUSED: readonly (readonly [string, RegExp])[] = [
    ['{"node":3}', /^"node" is not a part of a plan here: params, seed/],
    ['[]', /^The plan must be one JSON object\.$/],
    ['{"params":{"loss":1}}', /^"loss" is not a part of params/],
    ['{"params":{"nodes":11}}', /^params\.nodes must be a whole number from 2 to 10, not 11\.$/],
    ['{"params":{"nodes":2.5}}', /^params\.nodes must be a whole number/],
    ['{"params":{"latencyMs":[180,40]}}', /^params\.latencyMs is \[from, to\]/],
    ['{"params":{"latencyMs":[1]}}', /^params\.latencyMs must be a list of 2\.$/],
    ['{"params":{"latencyMs":[1,"2"]}}', /^params\.latencyMs\[1\] must be a number .* not "2"\.$/],
    ['{"params":{"packetLoss":-1}}', /^params\.packetLoss must be a number from 0 to 100/],
    ['{"params":{"verifySignatures":1}}', /^params\.verifySignatures must be true or false/],
    ['{"deadlineMs":999}', /^deadlineMs must be a whole number from 1000 to 3600000, not 999\.$/],
    ['{"failOnObjectives":1}', /^failOnObjectives must be true or false, not 1\.$/],
    ['{"failOnRegression":"yes"}', /^failOnRegression must be true or false, not "yes"\.$/],
    ['{"seed":4294967296}', /^seed must be a whole number from 0 to 4294967295/],
    ['{"chaos":{"preset":"storm"}}', /^chaos\.preset must be one of none, .*, not "storm"\.$/],
    ['{"topology":{}}', /^topology\.kind must be one of .*, not left out\.$/],
    ['{"topology":{"kind":"star","centre":"n5"}}', /^topology\.centre must be one of n0, n1/],
    ['{"topology":{"kind":"ring","centre":"n0"}}', /^"centre" is not a part of topology: kind\.$/],
    [links('{"from":"n0","to":"n5"}'), /^topology\.links\[0\]\.to must be one of n0, n1/],
    [links('{"from":"n1","to":"n1"}'), /^topology\.links\[0\] links n1 to itself\.$/],
    [
      links('{"from":"n0","to":"n1"},{"from":"n0","to":"n1"}'),
      /^topology\.links\[1\] is a second link from n0 to n1\.$/,
    ],
    [links(''), /^topology\.links must be a list of 1 or more\.$/],
    [
      links('{"from":"n0","to":"n1","lag":1}'),
      /^"lag" is not a part of topology\.links\[0\]: from/,
    ],
    [
      links('{"from":"n0","to":"n1","delay":{"kind":"constant","minMs":1}}'),
      /^"minMs" is not a part of topology\.links\[0\]\.delay: kind, ms\.$/,
    ],
    [
      links('{"from":"n0","to":"n1","loss":{"kind":"bernoulli","p":2}}'),
      /^topology\.links\[0\]\.loss\.p must be a number from 0 to 1, not 2\.$/,
    ],
    [
      links('{"from":"n0","to":"n1","queueBytes":0}'),
      /^topology\.links\[0\]\.queueBytes must be a whole number above 0, not 0\.$/,
    ],
    ['{"chaos":{"faults":{}}}', /^chaos\.faults must be a list of 0 to 64\.$/],
    [faults('{"do":{"kill":"n1"}}'), /^chaos\.faults\[0\]\.when must be one JSON object\.$/],
    [
      faults('{"when":{},"do":{"kill":"n1"}}'),
      /^chaos\.faults\[0\]\.when must have one of node, atMs, afterFault\.$/,
    ],
    [
      faults('{"when":{"afterFault":0,"delayMs":1},"do":{"kill":"n1"}}'),
      /^chaos\.faults\[0\]\.when\.afterFault: no fault comes before the first one\.$/,
    ],
    [
      faults('{"when":{"node":"n1","phase":"sleep"},"do":{"kill":"n1"}}'),
      /^chaos\.faults\[0\]\.when\.phase must be one of boot, .*, not "sleep"\.$/,
    ],
    [
      faults('{"when":{"atMs":1},"do":{"kill":"n1","factor":2}}'),
      /^"factor" is not a part of chaos\.faults\[0\]\.do: kill, restartAfterMs\.$/,
    ],
    [
      faults('{"when":{"atMs":1},"do":{"partition":{"from":["n0"],"to":["n1","n0"]}}}'),
      /^chaos\.faults\[0\]\.do\.partition has n0 on both sides\.$/,
    ],
    [
      faults('{"when":{"atMs":1},"do":{"byzantine":"n0"}}'),
      /^chaos\.faults\[0\]\.do\.byzantine: all content comes from n0\.$/,
    ],
    [
      '{"topology":{"kind":"regions","regions":["a","b"],"rttMs":[[1,2]]}}',
      /^topology\.rttMs must be a list of 2\.$/,
    ],
    [
      '{"drift":[{"node":"n1","service":"orders","commit":"ab"}]}',
      /^drift\[0\]\.commit must be a text of 4 to 64 characters, not "ab"\.$/,
    ],
  ];
  const placed = ({ source }: RegExp): RegExp =>
    new RegExp(source.replace(/^\^/, '^Line 1, column \\d+: '));
  for (const [text, sentence] of REFUSED) {
    it(`says where in ${text} the problem is`, () => {
      assert.throws(() => parseParameters(text), { message: placed(sentence) });
    });
  }

  it('give line and column of the part that is wrong, whatever stands before it', () => {
    const text = `{
  "params": { "nodes": 3 },
  "topology": { "kind": "custom", "links": [{ "from": "n0", "to": "n1" }] },
  "chaos": {
    "faults": [
      { "do": { "slow": "n1", "factor": 2 }, "when": { "atMs": 1 } },
      { "when": { "atMs": 5 }, "do": { "kill": "n\\u0039" } }
    ]
  }
}`;
    assert.throws(() => parseParameters(text), {
      message: /^Line 7, column 48: chaos\.faults\[1\]\.do\.kill must be one of n0, n1, n2/,
    });
    assert.throws(() => parseParameters(text.replace('"n1" }]', '"n3" }]')), {
      message: /^Line 3, column 67: topology\.links\[0\]\.to must be one of/,
    });
  });

  it('place a part that is missing where it should be, and a key that comes twice where it counts', () => {
    assert.throws(() => parseParameters('{ "topology": {} }'), { message: /^Line 1, column 15: / });
    assert.throws(() => parseParameters('{ "seed": 1,\n "seed": -1 }'), {
      message: /^Line 2, column 10: seed/,
    });
  });

  const BROKEN: readonly (readonly [string, string])[] = [
    ['{"seed":}', 'Line 1, column 9 is not JSON from "}" on.'],
    ['{\n  "seed": 1,\n}', 'Line 3, column 1 is not JSON from "}" on.'],
    ['{"seed" 1}', 'Line 1, column 9 is not JSON from "1}" on.'],
    ['{"seed": 1', 'The text ends too early, in line 1, column 11.'],
    ['', 'The text ends too early, in line 1, column 1.'],
    ['{"seed": 1}}', 'Line 1, column 12 is not JSON from "}" on.'],
  ];
  for (const [text, message] of BROKEN) {
    it(`says where ${JSON.stringify(text)} stops being JSON`, () => {
      assert.throws(() => parseParameters(text), { message });
    });
  }
});

describe('a chaos schedule as text', () => {
  it('has a line for each fault, and one for its mending', () => {
    assert.deepEqual(chaosScript(presetSchedule('crash-mid-deploy', 5)), [
      { when: 'when n3.receive ≥ 45 %', what: 'kill n3' },
      { when: 'after 900 ms', what: 'restart n3' },
    ]);
    assert.deepEqual(chaosScript(presetSchedule('one-way-partition', 4)), [
      { when: 'when n2.receive ≥ 25 %', what: 'cut n0 n1 → n2 n3' },
      { when: 'after 1500 ms', what: 'heal' },
    ]);
  });

  it('names services, names and nodes that a fault acts on', () => {
    const when = { atMs: 5 };
    const lines = chaosScript([
      { when, do: { pause: 'n1', services: ['orders'], forMs: 300 } },
      { when, do: { killService: { node: 'n1', service: 'orders' } } },
      { when, do: { refuse: { from: ['n0'], to: ['n1'], oneWay: true }, forMs: 20 } },
      { when, do: { dns: { nodes: ['n0', 'n1'], mode: 'delay', delayMs: 40 }, forMs: 20 } },
    ]);
    assert.deepEqual(
      lines.map(({ what }) => what),
      [
        'pause orders on n1',
        'go on',
        'kill orders on n1',
        'refuse n0 → n1',
        'carry again',
        'delay names on n0 n1 by 40 ms',
        'answer again',
      ],
    );
  });

  it('is there for every preset but none', () => {
    for (const preset of CHAOS_PRESETS) {
      const lines = chaosScript(presetSchedule(preset, 10));
      assert.equal(lines.length > 0, preset !== 'none', preset);
      for (const { when, what } of lines) assert.doesNotMatch(when + what, /undefined|NaN/);
    }
  });
});
