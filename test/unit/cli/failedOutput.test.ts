import assert from 'node:assert/strict';
import { FailedOutput } from '../../../src/cli/failedOutput.ts';
import { paintFor } from '../../../src/cli/paint.ts';
import type { MeshEventBody } from '../../../src/model/events.ts';

const SIM = '00000000-0000-4000-8000-000000000000';

function linesAfter(bodies: readonly MeshEventBody[]): string[] {
  const output = new FailedOutput();
  bodies.forEach((body, seq) => output.event({ seq, at: seq, simId: SIM, ...body }));
  return output.lines(paintFor(false));
}

function said(nodeId: string, service: string, text: string): MeshEventBody {
  return { type: 'log', nodeId, service, status: 'stderr', text };
}

const FAILED: MeshEventBody = { type: 'service', nodeId: 'n1', service: 'api', status: 'failed' };

describe('what a failed service said', () => {
  it('is its last twenty lines on the node where it failed first, whoever else spoke', () => {
    const lines = linesAfter([
      said('n0', 'api', 'elsewhere'),
      said('n1', 'web', 'another'),
      ...Array.from({ length: 25 }, (_, index) => said('n1', 'api', `line ${index}`)),
      FAILED,
      { ...FAILED, nodeId: 'n0' },
    ]);
    assert.equal(lines[0], 'What api on n1 said last');
    assert.deepEqual(
      lines.slice(1),
      Array.from({ length: 20 }, (_, index) => `  line ${index + 5}`),
    );
  });

  it('steers no terminal and fills no screen', () => {
    const [, line = ''] = linesAfter([
      said('n1', 'api', `\u001b[2J${'x'.repeat(5_000)}\u0007`),
      FAILED,
    ]);
    assert.ok(line.length <= 202 && !/[\u001b\u0007]/.test(line));
  });

  it('is nothing where none failed, or where it was silent', () => {
    assert.deepEqual(linesAfter([said('n1', 'api', 'fine')]), []);
    assert.deepEqual(linesAfter([FAILED]), []);
  });
});
