import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { GraphEdge, GraphNode, ProvenanceGraph } from '../../../src/model/provenanceApi.ts';
import { BOX_HEIGHT, trustLayout } from '../../../webview/draw/trustLayout.ts';

function node(id: string, kind: GraphNode['kind'], status: GraphNode['status'] = 'proven') {
  const about = { title: id, lines: [`about ${id}`], capsuleHash: 'c'.repeat(64), index: 0 };
  return { id, kind, status, at: '2026-11-25T12:00:00.000Z', ...about } satisfies GraphNode;
}

function edge(from: string, to: string, status: GraphEdge['status'] = 'proven'): GraphEdge {
  return { from, to, status, sentence: `${from} to ${to}` };
}

const checkedAt = '2026-01-05T09:00:00.000Z';

/** Newest first, as the server sends them. */
const GRAPH: ProvenanceGraph = {
  checkedAt,
  nodes: [
    node('deploy', 'deploy'),
    node('allowed', 'gate-decision'),
    node('sim3', 'evidence'),
    node('pack2', 'capsule'),
    node('refused', 'gate-decision', 'refused'),
    node('sim2', 'evidence', 'failed'),
    node('sim1', 'evidence'),
    node('pack1', 'capsule'),
  ],
  edges: [
    edge('pack1', 'sim1'),
    edge('pack1', 'sim2'),
    edge('sim2', 'refused', 'refused'),
    edge('pack2', 'sim3'),
    edge('sim3', 'allowed'),
    edge('allowed', 'deploy'),
  ],
  upgrades: [],
};

const UPGRADED: ProvenanceGraph = {
  ...GRAPH,
  upgrades: [
    { from: 'pack1', to: 'pack2', evidence: 'sim3', status: 'proven', sentence: 'rehearsed' },
    { from: 'gone', to: 'pack1', evidence: 'sim1', status: 'failed', sentence: 'not here' },
  ],
};

describe('the layout of the chain of trust', () => {
  it('puts a chain on one row, from left to right by what each box is', () => {
    const { boxes, hasColumns } = trustLayout(GRAPH, 1_000);
    assert.ok(hasColumns);
    const chain = ['pack2', 'sim3', 'allowed', 'deploy'].map((id) =>
      boxes.find((box) => box.id === id),
    );
    assert.deepEqual(new Set(chain.map((box) => box?.y)), new Set([0]));
    const xs = chain.map((box) => box?.x ?? -1);
    assert.deepEqual(
      xs,
      [...xs].sort((left, right) => left - right),
    );
    assert.equal(new Set(xs).size, 4);
  });

  it('puts the newest chain first, and one row under another where a chain branches', () => {
    const { boxes } = trustLayout(GRAPH, 1_000);
    const y = (id: string): number => boxes.find((box) => box.id === id)?.y ?? -1;
    assert.ok(y('pack2') < y('pack1'));
    assert.equal(y('pack1'), y('sim2'), 'a Capsule stands beside its newest run');
    assert.ok(y('sim2') < y('sim1'));
  });

  it('draws the deploy that a refused gate kept from happening, and the refusal only there', () => {
    const { boxes, lines } = trustLayout(GRAPH, 1_000);
    const missing = boxes.filter(({ node: shown }) => shown === undefined);
    assert.equal(missing.length, 1);
    const refused = lines.filter(({ status }) => status === 'refused');
    assert.deepEqual(
      refused.map(({ sentence }) => sentence),
      ['about refused'],
    );
  });

  it('draws an upgrade beside the boxes, from the old Capsule to the new one, where both are there', () => {
    for (const width of [300, 1_000]) {
      const { boxes, upgrades, gutter } = trustLayout(UPGRADED, width);
      const [before, after] = ['pack1', 'pack2'].map((id) => boxes.find((box) => box.id === id));
      const [line, ...more] = upgrades;
      assert.deepEqual(more, []);
      assert.ok(line !== undefined && before !== undefined && after !== undefined);
      const start = `M${before.x} ${before.y + BOX_HEIGHT / 2}H`;
      assert.ok(line.path.startsWith(start), line.path);
      assert.ok(line.path.endsWith(`V${after.y + BOX_HEIGHT / 2}H${after.x - 1}`), line.path);
      assert.ok(line.mark.x >= 7 && line.mark.x + 7 < Math.min(...boxes.map(({ x }) => x)));
      assert.equal(Math.min(...boxes.map(({ x }) => x)), gutter);
    }
  });

  it('never lets two boxes overlap, nor one leave the width, at any width', () => {
    for (const width of [200, 448, 573, 574, 900, 1_800]) {
      const { boxes } = trustLayout(width % 2 === 0 ? GRAPH : UPGRADED, width);
      for (const [index, box] of boxes.entries()) {
        assert.ok(box.x >= 0 && box.x + box.width <= width + 1e-6, `${box.id} at ${width}`);
        for (const other of boxes.slice(index + 1)) {
          const isApart =
            Math.abs(box.y - other.y) >= BOX_HEIGHT ||
            box.x + box.width <= other.x ||
            other.x + other.width <= box.x;
          assert.ok(isApart, `${box.id} and ${other.id} at ${width}`);
        }
      }
    }
  });

  it('shows a box whose parent is not there, and no line to it', () => {
    const edges = [edge('gone', 'sim')];
    const orphan = { checkedAt, nodes: [node('sim', 'evidence')], edges, upgrades: [] };
    const { boxes, lines } = trustLayout(orphan, 1_000);
    assert.deepEqual(
      boxes.map(({ id }) => id),
      ['sim'],
    );
    assert.deepEqual(lines, []);
  });

  it('places a box with two parents once, and draws both lines', () => {
    const graph = {
      checkedAt,
      nodes: [node('gate', 'gate-decision'), node('a', 'evidence'), node('b', 'evidence')],
      edges: [edge('a', 'gate'), edge('b', 'gate')],
      upgrades: [],
    };
    const { boxes, lines } = trustLayout(graph, 1_000);
    assert.equal(boxes.length, 3);
    assert.equal(lines.length, 2);
  });
});
