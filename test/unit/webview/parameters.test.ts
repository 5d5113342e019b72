import assert from 'node:assert/strict';
import { latencyRange, parseDraft, refusalOf } from '../../../webview/state/parameters.ts';

const capsuleHash = 'ab'.repeat(32);

describe('parameters of the next run', () => {
  it('swaps latency thumbs that pass each other', () => {
    assert.deepEqual(latencyRange(180, 40), [40, 180]);
    assert.deepEqual(latencyRange(40, 180), [40, 180]);
  });

  it('refuses more nodes than a real run has, naming the field', () => {
    assert.match(refusalOf({ capsuleHash, params: { nodes: 11 } }) ?? '', /^params\.nodes: /);
    assert.equal(refusalOf({ capsuleHash, params: { nodes: 10 } }), undefined);
  });

  it('asks for a Capsule', () => {
    assert.match(refusalOf({}) ?? '', /capsuleHash or runId/);
  });

  it('reads back the JSON it was given', () => {
    const request = { capsuleHash, seed: 609, params: { packetLoss: 4 } };
    assert.deepEqual(parseDraft(JSON.stringify(request)), { draft: request });
  });

  it('reports a key it does not know, and text that is not JSON', () => {
    const unknown = parseDraft(JSON.stringify({ capsuleHash, sed: 1 }));
    assert.ok('error' in unknown && unknown.error.includes('sed'));
    assert.ok('error' in parseDraft('{'));
  });
});
