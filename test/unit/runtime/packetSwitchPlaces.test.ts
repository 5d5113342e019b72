import assert from 'node:assert/strict';
import { ipv4Packet } from '../../support/ipv4.ts';
import { Outlet, switchOfThree } from '../../support/switchOfThree.ts';

describe('the switch, where a node has more than one place', () => {
  /** n1 has two; n0 asks. */
  function twoPlaces() {
    const bench = switchOfThree();
    const beside = new Outlet(1, 1);
    bench.forwarder.connectPackets(beside);
    const tcp = (from: number, to: number, sourcePort: number, targetPort: number) =>
      ipv4Packet({ from, to, protocol: 6, sourcePort, targetPort, payload: Buffer.alloc(16) });
    const ask = (port: number, at: number) =>
      bench.forwarder.acceptPacket(0, tcp(0, 1, port, 80), at);
    const counts = () => [bench.outlets[1]!.arrived.length, beside.arrived.length];
    return { ...bench, tcp, ask, counts };
  }

  it('sends what is new to the place that leads, and what has begun to where it began', () => {
    const { forwarder, ask, counts, deliverAt } = twoPlaces();
    ask(4000, 0);
    deliverAt(20);
    assert.deepEqual(counts(), [1, 0]);
    forwarder.outlets.lead([{ node: 1, place: 1 }]);
    ask(4000, 20);
    ask(4001, 20);
    deliverAt(40);
    assert.deepEqual(counts(), [2, 1]);
  });

  it('sends answers to the place that has asked, whichever leads', () => {
    const { forwarder, tcp, counts, deliverAt } = twoPlaces();
    forwarder.acceptPacket(1, tcp(1, 0, 5000, 80), 0, 1);
    forwarder.acceptPacket(0, tcp(0, 1, 80, 5000), 0);
    deliverAt(20);
    assert.deepEqual(counts(), [0, 1]);
  });

  it('takes who comes back by the same ports for new once nothing answers in the old place', () => {
    const { forwarder, ask, counts, deliverAt } = twoPlaces();
    ask(4000, 0);
    deliverAt(20);
    forwarder.outlets.lead([{ node: 1, place: 1 }]);
    forwarder.outlets.retire(1, 0);
    ask(4000, 20);
    deliverAt(40);
    assert.deepEqual(counts(), [1, 1]);
  });

  it('sends all to the place that leads when the other is gone', () => {
    const { forwarder, outlets, ask, counts, deliverAt } = twoPlaces();
    ask(4000, 0);
    deliverAt(20);
    forwarder.outlets.lead([{ node: 1, place: 1 }]);
    forwarder.disconnectPackets(outlets[1]!);
    ask(4000, 20);
    deliverAt(40);
    assert.deepEqual(counts(), [1, 1]);
  });
});
