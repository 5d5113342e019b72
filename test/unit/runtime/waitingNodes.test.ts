import assert from 'node:assert/strict';
import { EFFECT } from '../../../src/mesh/io.ts';
import type { Manifest } from '../../../src/model/capsule.ts';
import type { AgentProcess } from '../../../src/runtime/real/agentProcess.ts';
import { HealthyPlaces } from '../../../src/runtime/real/healthyPlaces.ts';
import { NodeRecord } from '../../../src/runtime/real/nodeRecord.ts';
import { WaitingNodes } from '../../../src/runtime/real/waitingNodes.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const CHUNKS = 3;
const plan = virtualPlan({ params: { nodes: 3 } });
const manifest = {
  services: [
    {
      name: 'web',
      dependsOn: [],
      chunks: Array.from({ length: CHUNKS }, (_, one) => ({ digest: String(one), size: 1 })),
    },
  ],
} as unknown as Manifest;
const LOST = 'cannot receive the Capsule: the agents that had all of it have ended.';

describe('nodes that wait for content', () => {
  /** Three of them, all of which are on their way. */
  function mesh() {
    const nodes = [0, 1, 2].map((index) => new NodeRecord(index));
    for (const node of nodes) node.process = { isGone: false } as unknown as AgentProcess;
    const places = new HealthyPlaces(plan, manifest.services);
    const waiting = new WaitingNodes(nodes, places, { plan, capsule: { manifest } });
    return { nodes, inVain: () => [...waiting.inVain()].map(([, sentence]) => sentence) };
  }
  const hold = (node: NodeRecord | undefined, ...chunks: number[]) => {
    for (const a of chunks) node?.noteEffect({ kind: EFFECT.chunkHeld, a, b: 0, c: 0 });
  };
  const end = (node: NodeRecord | undefined) => {
    if (node === undefined) return;
    node.status = 'failed';
    node.process = undefined;
  };

  it('wait in vain once the agents are gone that had all of it', () => {
    const { nodes, inVain } = mesh();
    hold(nodes[1], 0, 1);
    assert.deepEqual(inVain(), []);
    end(nodes[0]);
    assert.deepEqual(inVain(), [`n1 ${LOST}`, `n2 ${LOST}`]);
  });

  it('do not as long as they have all of it between them', () => {
    const { nodes, inVain } = mesh();
    hold(nodes[1], 0, 1);
    hold(nodes[2], 2);
    end(nodes[0]);
    assert.deepEqual(inVain(), []);
    end(nodes[2]);
    assert.deepEqual(inVain(), [`n1 ${LOST}`]);
  });

  it('do not while the source still hands on, though its services failed, or is to be started again', () => {
    for (const status of ['failed', 'down'] as const) {
      const { nodes, inVain } = mesh();
      const [source] = nodes;
      if (source !== undefined) source.status = status;
      if (status === 'down' && source !== undefined) source.process = undefined;
      assert.deepEqual(inVain(), []);
    }
  });
});
