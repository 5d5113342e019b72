import assert from 'node:assert/strict';
import { NodeRecord } from '../../../src/runtime/real/nodeRecord.ts';

describe('what is kept of a node', () => {
  const redis = {
    type: 'program',
    at: 1,
    service: 'cache',
    path: '/usr/bin/redis-server',
    sha256: 'a'.repeat(64),
  } as const;

  it('is one file for each program of the machine, in whichever life it starts', () => {
    const node = new NodeRecord(2);
    const replaced: string[] = [];
    node.startsProgram({ ...redis, version: '7.0.15' }, (why) => replaced.push(why));
    node.startsProgram(redis, (why) => replaced.push(why));
    assert.equal(replaced.length, 0);
    node.startsProgram({ ...redis, sha256: 'b'.repeat(64) }, (why) => replaced.push(why));
    assert.deepEqual(replaced, [
      'The program of "cache" was replaced on n2 while the run lasted: run again.',
    ]);
    const { path, sha256 } = redis;
    assert.deepEqual([...node.programs], [['cache', { path, sha256, version: '7.0.15' }]]);
  });
});
