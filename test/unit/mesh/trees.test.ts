import assert from 'node:assert/strict';
import { planTrees, type TreePlan } from '../../../src/mesh/trees.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

function treesOf(nodes: number, topology: PlanInput['topology'] = { kind: 'uniform' }): TreePlan {
  return planTrees(compileLinks(virtualPlan({ params: { nodes }, topology })));
}

/** How deep a node is in a tree; fails when it does not hang below n0. */
function depthOf(plan: TreePlan, nodes: number, tree: number, node: number): number {
  let depth = 0;
  for (let at = node; at !== 0; depth++) {
    assert.ok(depth <= nodes, `n${node} is not below n0 in tree ${tree}`);
    at = plan.treesOf(at).parents[tree] ?? -1;
  }
  return depth;
}

function requireSpanning(plan: TreePlan, nodes: number): number {
  let deepest = 0;
  for (let tree = 0; tree < plan.count; tree++) {
    for (let node = 1; node < nodes; node++) {
      deepest = Math.max(deepest, depthOf(plan, nodes, tree, node));
      const parent = plan.treesOf(node).parents[tree] ?? -1;
      assert.ok(plan.treesOf(parent).children[tree]?.includes(node));
      assert.ok(plan.neighboursOf(node).includes(parent));
      assert.ok(plan.neighboursOf(parent).includes(node));
    }
  }
  return deepest;
}

function requireEdgeDisjoint(plan: TreePlan, nodes: number): void {
  const links = new Set<string>();
  for (let node = 1; node < nodes; node++) {
    for (const parent of plan.treesOf(node).parents) {
      const link = `${parent}>${node}`;
      assert.ok(!links.has(link), `${link} is in two trees`);
      links.add(link);
    }
  }
}

describe('planned trees', () => {
  it('stripe a full mesh over one tree per receiver, two links deep', () => {
    const plan = treesOf(10);
    assert.equal(plan.count, 9);
    assert.equal(requireSpanning(plan, 10), 2);
    requireEdgeDisjoint(plan, 10);
  });

  it('send both ways around a ring', () => {
    const plan = treesOf(6, { kind: 'ring' });
    assert.equal(plan.count, 2);
    requireSpanning(plan, 6);
    requireEdgeDisjoint(plan, 6);
  });

  it('cross a star through its centre', () => {
    const plan = treesOf(5, { kind: 'star', centre: 'n2' });
    assert.equal(plan.count, 1);
    assert.equal(requireSpanning(plan, 5), 2);
  });

  it('span a custom topology, and relay probes along its shortest paths', () => {
    const pairs = [
      [0, 1, 10],
      [1, 2, 10],
      [2, 3, 10],
      [0, 3, 100],
    ] as const;
    const links = pairs.flatMap(([a, b, ms]) => [
      { from: `n${a}`, to: `n${b}`, delay: { kind: 'constant' as const, ms } },
      { from: `n${b}`, to: `n${a}`, delay: { kind: 'constant' as const, ms } },
    ]);
    const plan = treesOf(4, { kind: 'custom', links });
    requireSpanning(plan, 4);
    requireEdgeDisjoint(plan, 4);
    assert.deepEqual(plan.nextHopsOf(0), [-1, 1, 1, 1]);
  });

  for (const nodes of [33, 100, 1000]) {
    it(`give each of ${nodes} nodes one tree to relay in, and a bounded number of links`, () => {
      const plan = treesOf(nodes);
      assert.equal(plan.count, 8);
      const deepest = requireSpanning(plan, nodes);
      assert.ok(deepest <= 3 + Math.log(nodes) / Math.log(8), `depth ${deepest}`);
      for (let node = 1; node < nodes; node++) {
        const relaying = plan.treesOf(node).children.filter((children) => children.length > 0);
        assert.ok(relaying.length <= 1, `n${node} relays in ${relaying.length} trees`);
        assert.ok(plan.neighboursOf(node).length <= 24);
      }
    });
  }
});
