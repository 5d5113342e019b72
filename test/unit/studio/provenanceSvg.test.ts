import assert from 'node:assert/strict';
import type { GraphNode, ProvenanceGraph, UpgradeEdge } from '../../../src/model/provenanceApi.ts';
import { provenanceSvg } from '../../../src/studio/provenance/provenanceSvg.ts';

const GREENS = /#1a7f37|class="(box )?proven"/;
const HASH = 'c'.repeat(64);
const KINDS = ['capsule', 'evidence', 'gate-decision', 'deploy'] as const;

function node(index: number, kind: GraphNode['kind'], more: Partial<GraphNode> = {}): GraphNode {
  const common = { id: String(index), kind, index, at: '2026-01-05T09:00:00.000Z' };
  return {
    ...common,
    title: `${kind} ${index}`,
    lines: ['its line'],
    status: 'proven',
    capsuleHash: HASH,
    ...more,
  };
}

/** A chain from Capsule to deploy; what is said of one kind is said of that node. */
function chain(said: Partial<Record<GraphNode['kind'], Partial<GraphNode>>> = {}): ProvenanceGraph {
  const nodes = KINDS.map((kind, index) => node(index, kind, said[kind]));
  const edges = nodes.slice(1).map(({ id, index, status }) => ({
    from: String(index - 1),
    to: id,
    status: status === 'failed' ? ('proven' as const) : status,
    sentence: `to ${id}`,
  }));
  return { checkedAt: '2026-01-05T09:00:00.000Z', nodes: nodes.reverse(), edges, upgrades: [] };
}

/** Two Capsules, and the evidence that one was upgraded to the other. */
function upgradedChain(status: UpgradeEdge['status']): ProvenanceGraph {
  const nodes = [
    node(7, 'capsule', { capsuleHash: 'a'.repeat(64) }),
    ...[node(8, 'capsule'), node(9, 'evidence')],
  ];
  return {
    ...{ checkedAt: '2026-01-05T09:00:00.000Z', nodes: nodes.reverse() },
    edges: [{ from: '8', to: '9', status: 'proven', sentence: 'to 9' }],
    upgrades: [{ from: '7', to: '8', evidence: '9', status, sentence: 'n2 failed' }],
  };
}

const linesWith = (svg: string, words: string) =>
  svg.split('\n').filter((line) => line.includes(words));

describe('the drawing of the chain of trust', () => {
  it('says when it was checked, and draws for a dark sheet as for a light one', () => {
    const svg = provenanceSvg(chain());
    assert.match(svg, /Checked at 2026-01-05T09:00:00\.000Z/);
    assert.match(svg, /<style>@media \(prefers-color-scheme: dark\) \{.*text \{ fill: #e6edf3/);
    assert.match(svg, /<rect class="paper" .*fill="#ffffff"\/>/);
  });

  it('has nothing green of what is unproven, and tells why in full, however long that is', () => {
    const reason = `Object ${'0a4d67'.repeat(11)} is damaged: /a/very/${'long/'.repeat(30)}path does not hold what its name says.`;
    const unproven = { status: 'unproven' as const, lines: [reason] };
    const svg = provenanceSvg(
      chain({ capsule: unproven, evidence: unproven, 'gate-decision': unproven, deploy: unproven }),
    );
    assert.doesNotMatch(svg.replace(/<style>.*<\/style>/, ''), GREENS);
    const told = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
    assert.ok(told.every((text) => text.length <= 170));
    assert.ok(told.join('').replaceAll(' ', '').includes(reason.replaceAll(' ', '')));
  });

  it('names the rules that refused, each with its sentence, before a box that was not deployed', () => {
    const rules = [
      { rule: 'fresh', status: 'ok', sentence: 'It is fresh.' },
      { rule: 'chaos', status: 'failed', sentence: 'Chaos is required.' },
      { rule: 'enough-nodes', status: 'failed', sentence: 'At least 3 are required.' },
    ] as const;
    const graph = chain({ 'gate-decision': { status: 'refused', rules: [...rules] } });
    const { nodes, edges } = graph;
    const svg = provenanceSvg({ ...graph, nodes: nodes.slice(1), edges: edges.slice(0, 2) });
    assert.equal(linesWith(svg, '>failed: chaos, enough-nodes<').length, 1);
    assert.equal(linesWith(svg, 'chaos: Chaos is required.').length, 1);
    assert.equal(linesWith(svg, 'enough-nodes: At least 3 are required.').length, 1);
    assert.equal(linesWith(svg, 'It is fresh.').length, 0);
    assert.equal(linesWith(svg, '⊘ Not deployed').length, 1);
  });

  it('shows broken glass in red, with what it overrode', () => {
    const lines = ['GLASS BROKEN: the shop is down'];
    const rules = [{ rule: 'chaos', status: 'failed', sentence: 'Chaos is required.' }] as const;
    const graph = chain({ 'gate-decision': { isBreakGlass: true, lines, rules: [...rules] } });
    const svg = provenanceSvg(graph);
    const [label = ''] = linesWith(svg, 'proven, GLASS BROKEN');
    assert.match(label, /class="refused".*fill="#b42318"/);
    assert.equal(linesWith(svg, 'GLASS BROKEN: chaos: Chaos is required.').length, 1);
  });

  it('says first that the ledger is broken, also where no entry can be read', () => {
    const problem = 'Entry 0 was altered.';
    const svg = provenanceSvg({ ...chain(), nodes: [], edges: [], problem });
    assert.equal(linesWith(svg, '>The ledger is broken: Entry 0 was altered.<').length, 1);
  });

  it('has a line from the old Capsule of a rehearsed upgrade to the new one, with its evidence in words', () => {
    const plain = provenanceSvg(chain());
    const svg = provenanceSvg(upgradedChain('failed'));
    // As the graph has them: newest first.
    const boxes = [...svg.matchAll(/<rect class="box proven" x="(\d+)" y="(\d+)"/g)];
    const [, after, before] = boxes.map(([, x, y]) => ({ x: Number(x), y: Number(y) + 92 / 2 }));
    assert.ok(before !== undefined && after !== undefined && before.x > 24);
    const [way = '', head = ''] = linesWith(svg, '<title>n2 failed</title>');
    assert.match(way, /class="failed".* stroke-dasharray="7 4"/);
    assert.ok(way.includes(`d="M${before.x} ${before.y}H`), way);
    assert.ok(way.includes(`V${after.y}H${after.x - 1}"`), way);
    assert.match(head, /^<path class="failed"/);
    const words =
      '✖ Upgrade from aaaaaaa, entry 7, to ccccccc, entry 8, by entry 9, failed: n2 failed';
    assert.equal(linesWith(svg, `>${words}<`).length, 1);
    assert.doesNotMatch(plain, /Upgrade from/);
  });

  it('takes no words of a product for markup', () => {
    const svg = provenanceSvg(chain({ capsule: { title: '<script>"&', lines: ['</svg>'] } }));
    assert.doesNotMatch(svg, /<script>|"&<|<\/svg>.*<\/svg>$/);
    assert.match(svg, /&lt;script&gt;&quot;&amp;/);
  });
});
