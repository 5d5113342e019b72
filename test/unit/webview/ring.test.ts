import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEvent } from '../../../src/model/events.ts';
import {
  isNeighbour,
  pointOn,
  ringLayout,
  treeOrder,
  wayBetween,
} from '../../../webview/draw/ring.ts';
import { drawnHops, hopsOf, parentsOf, type Hop } from '../../../webview/run/hops.ts';
import { hiddenClasses } from '../../../webview/run/packetClass.ts';
import { drawnOf, packetsAround, type FlyingPacket } from '../../../webview/run/packetsInFlight.ts';
import { PacketStore } from '../../../webview/run/packetStore.ts';

const simId = '00000000-0000-4000-8000-000000000000';

function hop(at: number, from: string, nodeId: string, status: 'valid' | 'invalid'): MeshEvent {
  return { seq: at, at, simId, type: 'hop', from, nodeId, status };
}

describe('the order of nodes on the ring', () => {
  it('puts parent and child side by side down one half and up the other', () => {
    assert.deepEqual(treeOrder([undefined, 0, 0, 1, 2]), [0, 1, 3, 4, 2]);
    assert.deepEqual(treeOrder([undefined, 2, 0, 0, 1]), [0, 2, 1, 4, 3]);
  });

  it('stays that of the indices until every parent is known, so that nodes move once', () => {
    assert.deepEqual(treeOrder([undefined, 0, undefined, 1, 2]), [0, 1, 2, 3, 4]);
  });

  it('loses no node where parents make no tree', () => {
    assert.deepEqual(treeOrder([undefined, 2, 1, 0]), [0, 1, 2, 3]);
  });
});

describe('hops', () => {
  it('are those between two nodes; the first that held makes the parent', () => {
    const hops = hopsOf([
      hop(1, 'n0', 'n0', 'valid'),
      hop(2, 'n2', 'n1', 'invalid'),
      hop(3, 'n0', 'n1', 'valid'),
      hop(4, 'n2', 'n1', 'valid'),
    ]);
    assert.equal(hops.length, 3);
    assert.deepEqual(parentsOf(hops, 3), [undefined, 0, undefined]);
  });
});

describe('hops as they are drawn', () => {
  const drawn = (...hops: [from: number, to: number, status: Hop['status']][]) => {
    const { main, further } = drawnHops(
      hops.map(([from, to, status], at) => ({ from, to, status, at })),
    );
    const pairs = (some: readonly Hop[]): string[] => some.map(({ from, to }) => `${from}→${to}`);
    return { main: pairs(main), further: pairs(further) };
  };

  it('lead to each node once, and the others are further checks', () => {
    assert.deepEqual(drawn([0, 1, 'valid'], [0, 2, 'valid'], [1, 2, 'valid']), {
      main: ['0→1', '0→2'],
      further: ['1→2'],
    });
  });

  it('never lie over each other, in whichever direction they ran', () => {
    assert.deepEqual(
      drawn([0, 1, 'valid'], [0, 2, 'valid'], [1, 2, 'valid'], [2, 1, 'valid'], [1, 0, 'valid'])
        .further,
      ['1→2'],
    );
  });

  it('show each refusal, though the node took the Capsule from another', () => {
    const refused = [1, 2, 'invalid'] as [number, number, 'invalid'];
    assert.deepEqual(drawn([0, 1, 'valid'], refused, refused, [0, 2, 'valid']).main, [
      '0→1',
      '1→2',
      '0→2',
    ]);
  });
});

describe('the layout of the ring', () => {
  const sizes = [
    { width: 400, height: 370 },
    { width: 330, height: 230 },
    { width: 300, height: 280 },
  ];
  for (const size of sizes) {
    for (const nodes of [2, 5, 6, 7, 10]) {
      it(`keeps ${nodes} nodes apart and inside ${size.width} × ${size.height}`, () => {
        const order = Array.from({ length: nodes }, (_, index) => index);
        const layout = ringLayout(size, order);
        for (const a of layout.nodes) {
          assert.ok(a.x > layout.radius && a.x < size.width - layout.radius);
          assert.ok(a.y > layout.radius && a.y < size.height - layout.radius);
          for (const b of layout.nodes) {
            if (a.node === b.node) continue;
            assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 2 * layout.radius, `${a.node} ${b.node}`);
          }
        }
      });
    }
  }

  it('bows ways along the rim outwards and ways across inwards, both from circle to circle', () => {
    const layout = ringLayout({ width: 400, height: 400 }, [0, 1, 2, 3, 4]);
    const fromCentre = (from: number, to: number): number => {
      const { x, y } = pointOn(wayBetween(layout, from, to)!, 0.5);
      return Math.hypot(x - layout.centre.x, y - layout.centre.y);
    };
    const straight = (from: number, to: number): number => {
      const [a, b] = [layout.nodes[from]!, layout.nodes[to]!];
      return Math.hypot((a.x + b.x) / 2 - layout.centre.x, (a.y + b.y) / 2 - layout.centre.y);
    };
    assert.ok(isNeighbour(layout, 0, 4));
    assert.ok(fromCentre(0, 1) > straight(0, 1));
    assert.ok(fromCentre(0, 2) < straight(0, 2));
    const { start } = wayBetween(layout, 0, 2)!;
    const top = layout.nodes[0]!;
    assert.ok(Math.abs(Math.hypot(start.x - top.x, start.y - top.y) - layout.radius) < 0.001);
    assert.equal(wayBetween(layout, 1, 1), undefined);
  });
});

describe('packets on the ring', () => {
  it('are those under way, and for 300 ms those that died', () => {
    const store = new PacketStore(2, 180);
    store.push({
      link: [1, 1, 2, 2, 1],
      flow: [1, 1, 0, 0, 1],
      number: [0, 1, 0, 1, 2],
      sent: [0, 100, 50, 300, 200],
      arrived: [100, 500, 50, 310, 200],
      configured: [100, 400, 100, 10, 0],
      outcome: [0, 0, 1, 0, 5],
      chunk: [0, 1, -1, -1, 2],
    });
    const { flying, dead } = packetsAround(store, 300);
    assert.deepEqual(
      flying.map(({ from, to, kind, share }) => ({ from, to, kind, share })),
      [
        { from: 0, to: 1, kind: 'late', share: 0.5 },
        { from: 1, to: 0, kind: 'control', share: 0 },
      ],
    );
    assert.deepEqual(
      dead.map(({ from, share }) => [from, share]),
      [
        [1, 0.35],
        [0, 0.93],
      ],
    );
    assert.equal(packetsAround(store, 386).dead.length, 1, 'the older cross is gone');
    assert.equal(packetsAround(store, 60).flying.length, 2, 'a lost one goes a part of its way');
    const seen = packetsAround(store, 300, hiddenClasses(new Set(['late', 'dropped'])));
    assert.deepEqual(
      [seen.flying.map(({ kind }) => kind), seen.dead.length],
      [['control'], 0],
      'what the legend hides is hidden here as well',
    );
  });

  it('are thinned to 120 heartbeats, never the chunks', () => {
    const packet = { from: 0, to: 1, share: 0.5, speed: 0.01 };
    const flying: FlyingPacket[] = [
      ...Array.from({ length: 1_000 }, () => ({ ...packet, kind: 'quiet' as const })),
      ...Array.from({ length: 400 }, () => ({ ...packet, kind: 'chunk' as const })),
    ];
    const drawn = drawnOf(flying);
    assert.ok(drawn.filter(({ kind }) => kind === 'quiet').length <= 120);
    assert.equal(drawn.filter(({ kind }) => kind === 'chunk').length, 400);
  });
});
