import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { startRequestSchema } from '../../../src/model/api.ts';
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
} from '../../../webview/state/parameters.ts';
import { parseParameters } from '../../../webview/state/parseParameters.ts';
import { sortedRange } from '../../../webview/ui/sortedRange.ts';

const HASH = 'a'.repeat(64);
const DRIFT = { node: 'n4', service: 'orders', commit: '9c0abe5' };

afterEach(() => {
  parameters.value = DEFAULT_PARAMETERS;
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

  it('come back the same from their JSON', () => {
    setParameters({ topology: { kind: 'star', centre: 'n2' }, drift: [DRIFT], seed: 609 });
    assert.deepEqual(parseParameters(JSON.stringify(parameters.value)), parameters.value);
  });

  it('name no node that a smaller mesh does not have', () => {
    setParameters({ topology: { kind: 'star', centre: 'n3' }, drift: [DRIFT] });
    setParams({ nodes: 3 });
    assert.equal(parameters.value.drift[0]?.node, 'n2');
    assert.deepEqual(parameters.value.topology, { kind: 'star', centre: 'n2' });
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
    ['{"seed":4294967296}', /^seed must be a whole number from 0 to 4294967295/],
    ['{"chaos":{"preset":"storm"}}', /^chaos\.preset must be one of none, .*, not "storm"\.$/],
    ['{"topology":{}}', /^topology\.kind must be one of .*, not left out\.$/],
    ['{"topology":{"kind":"star","centre":"n5"}}', /^topology\.centre must be one of n0, n1/],
    [
      '{"topology":{"kind":"regions","regions":["a","b"],"rttMs":[[1,2]]}}',
      /^topology\.rttMs must be a list of 2\.$/,
    ],
    [
      '{"drift":[{"node":"n1","service":"orders","commit":"ab"}]}',
      /^drift\[0\]\.commit must be a text of 4 to 64 characters, not "ab"\.$/,
    ],
  ];
  for (const [text, sentence] of REFUSED) {
    it(`says where in ${text} the problem is`, () => {
      assert.throws(() => parseParameters(text), { message: sentence });
    });
  }

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

  it('is there for every preset but none', () => {
    for (const preset of CHAOS_PRESETS) {
      const lines = chaosScript(presetSchedule(preset, 10));
      assert.equal(lines.length > 0, preset !== 'none', preset);
      for (const { when, what } of lines) assert.doesNotMatch(when + what, /undefined|NaN/);
    }
  });
});
