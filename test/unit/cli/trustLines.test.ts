import assert from 'node:assert/strict';
import { paintFor } from '../../../src/cli/paint.ts';
import { trustLines } from '../../../src/cli/trustLines.ts';
import type { GraphNode, ProvenanceGraph } from '../../../src/model/provenanceApi.ts';

const AT = '2026-01-05T09:00:00.000Z';
const [OLD, NEW] = ['a'.repeat(64), 'c'.repeat(64)];
const plain = paintFor(false);

function node(index: number, kind: GraphNode['kind'], more: Partial<GraphNode> = {}): GraphNode {
  return {
    ...{ id: `leaf ${index}`, kind, title: `${kind} ${index}`, lines: ['its line'], at: AT, index },
    ...{ status: 'proven', capsuleHash: NEW },
    ...more,
  };
}

const GRAPH: ProvenanceGraph = {
  checkedAt: AT,
  nodes: [...[node(3, 'evidence'), node(1, 'capsule')], node(0, 'capsule', { capsuleHash: OLD })],
  edges: [{ from: 'leaf 1', to: 'leaf 3', status: 'proven', sentence: 'it names it' }],
  upgrades: [
    {
      ...{ from: 'leaf 0', to: 'leaf 1', evidence: 'leaf 3' },
      ...{ status: 'failed', sentence: 'Simulation 1a2b3c4d rehearsed it and failed: n1 failed' },
    },
  ],
};

describe('the chain of trust in a terminal', () => {
  it('has below a Capsule the upgrades that lead to it, each with its evidence', () => {
    assert.deepEqual(trustLines(GRAPH, plain), [
      `✔ capsule 0  its line  entry 0, ${AT}`,
      `✔ capsule 1  its line  entry 1, ${AT}`,
      '    ✖ failed Upgrade from aaaaaaa, entry 0, to ccccccc, entry 1, by entry 3: Simulation 1a2b3c4d rehearsed it and failed: n1 failed',
      `└─ ✔ evidence 3  its line  entry 3, ${AT}`,
    ]);
  });

  it('says first that the ledger is broken, last what is older, and below a gate which rules failed', () => {
    const rules = [
      { rule: 'fresh', status: 'ok', sentence: 'It is fresh.' },
      { rule: 'chaos', status: 'failed', sentence: 'Chaos is required.' },
    ] as const;
    const gate = node(4, 'gate-decision', { status: 'refused', rules: [...rules] });
    const graph = {
      ...GRAPH,
      nodes: [gate],
      edges: [],
      upgrades: [],
      problem: 'Altered.',
      next: 4,
    };
    assert.deepEqual(trustLines(graph, plain), [
      'The ledger is broken: Altered.',
      'Entries may be missing here, and none from the break on is proven.',
      `⊘ refused gate-decision 4  its line  entry 4, ${AT}`,
      '    chaos  Chaos is required.',
      '… and older entries before 4.',
    ]);
  });
});
