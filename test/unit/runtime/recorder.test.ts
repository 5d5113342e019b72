import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { MeshEvent } from '../../../src/model/events.ts';
import { RunRecorder } from '../../../src/runtime/recorder.ts';
import { leafHash, merkleRoot } from '../../../src/signing/merkle.ts';

const SIM_ID = '0b8f8f5e-7c1d-4c38-9a55-6a1d6f5c2e11';

function record(times: readonly number[]) {
  const events: MeshEvent[] = [];
  const lines: string[] = [];
  const recorder = new RunRecorder({
    simId: SIM_ID,
    sink: (event, line) => {
      events.push(event);
      lines.push(line);
    },
  });
  for (const at of times) recorder.emit(at, { type: 'run', status: 'started' });
  return { events, lines, seal: recorder.seal() };
}

describe('the run recorder', () => {
  it('numbers events without gaps and never lets time go back', () => {
    const { events } = record([0, 5.12345, 4, 6]);
    assert.deepEqual(
      events.map(({ seq, at }) => [seq, at]),
      [
        [0, 0],
        [1, 5.123],
        [2, 5.123],
        [3, 6],
      ],
    );
  });

  it('seals the digest of the file its lines make, and their Merkle root', () => {
    const { lines, seal } = record([1, 2, 3, 4, 5]);
    const file = lines.map((line) => `${line}\n`).join('');
    assert.equal(seal.digest, createHash('sha256').update(file).digest('hex'));
    const root = merkleRoot(lines.map((line) => leafHash(Buffer.from(line))));
    assert.equal(seal.merkleRoot, Buffer.from(root).toString('hex'));
    assert.equal(seal.count, 5);
  });
});
