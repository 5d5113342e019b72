import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { DEFAULT_PARAMETERS, parameters, written } from '../../../webview/state/parameters.ts';
import { parseParameters } from '../../../webview/state/parseParameters.ts';

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
      /^chaos\.faults\[0\]\.when must have one of node, atMs, afterFault, wave, upgrade, migrates\.$/,
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
