import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { changesBetween } from '../../../../src/evidence/compared/changes.ts';
import { valueWords } from '../../../../src/model/comparedWords.ts';

describe('what differs between two values', () => {
  it('is named by its path, and a list of plain values is one value', () => {
    const a = { params: { nodes: 3, latencyMs: [40, 180] }, seed: 1, same: { deep: [1] } };
    const b = {
      params: { nodes: 5, latencyMs: [40, 90] },
      hosts: { n1: 'far' },
      same: { deep: [1] },
    };
    assert.deepEqual(changesBetween(a, b), [
      { path: 'params.nodes', a: 3, b: 5 },
      { path: 'params.latencyMs', a: [40, 180], b: [40, 90] },
      { path: 'seed', a: 1 },
      { path: 'hosts', b: { n1: 'far' } },
    ]);
  });

  it('is looked for place by place in lists of objects, also where one is empty', () => {
    const [kill, heal] = [{ do: { kill: 'n1' } }, { do: { kill: 'n2' } }];
    assert.deepEqual(changesBetween({ faults: [kill, heal] }, { faults: [heal] }), [
      { path: 'faults[0].do.kill', a: 'n1', b: 'n2' },
      { path: 'faults[1]', a: heal },
    ]);
    assert.deepEqual(changesBetween({ faults: [] }, { faults: [kill] }), [
      { path: 'faults[0]', b: kill },
    ]);
  });

  it('takes no key of an object for a property that every object has', () => {
    assert.deepEqual(changesBetween({}, { toString: ['n0'] }), [{ path: 'toString', b: ['n0'] }]);
  });

  it('is told in words: digests short, lists and objects without signs, a dash for nothing', () => {
    assert.equal(valueWords('ab'.repeat(32)), 'abababababab');
    assert.equal(valueWords([40, 180]), '40, 180');
    assert.equal(
      valueWords({ when: { atMs: 5 }, do: { kill: 'n1' } }),
      'when (atMs 5), do (kill n1)',
    );
    assert.equal(valueWords([]), 'none');
    assert.equal(valueWords(null), 'null');
    assert.equal(valueWords(undefined), '–');
  });
});
