import assert from 'node:assert/strict';
import net from 'node:net';
import fc from 'fast-check';
import { Pacer } from '../../../src/agent/pacer.ts';
import { buildEnv } from '../../../src/agent/services/buildEnv.ts';
import { Latencies } from '../../../src/runtime/latencies.ts';
import { degradedReasons, isDegraded } from '../../../src/model/timingBudget.ts';
import { leasePorts } from '../../../src/runtime/real/portLease.ts';
import { RefusedBytes } from '../../../src/runtime/real/refusedBytes.ts';
import { DeadlineHeap } from '../../../src/runtime/real/switch/deadlineHeap.ts';

describe('runtime/real: the deadline heap', () => {
  it('gives items back by deadline, equal ones in the order they came', () => {
    const deadlines = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3_000 });
    fc.assert(
      fc.property(deadlines, (values) => {
        const heap = new DeadlineHeap<number>();
        values.forEach((deadline, item) => heap.push(deadline, item));
        const order = values
          .map((_, item) => item)
          .sort((a, b) => values[a]! - values[b]! || a - b);
        assert.deepEqual(
          values.map(() => heap.pop()),
          order,
        );
        assert.equal(heap.pop(), undefined);
        assert.equal(heap.earliest, Infinity);
      }),
      { numRuns: 50 },
    );
  });
});

describe('runtime/real: port leases', () => {
  // Below what runs use, and another one in each process: other runs and tests of this machine do not matter.
  const range = { firstPort: 10_000 + (process.pid % 45) * 200, blocks: 3 };

  it('gives different ports to two leases, and the same again once they are released', async () => {
    const first = await leasePorts(10, range);
    const second = await leasePorts(10, range);
    assert.equal(new Set([...first.ports, ...second.ports]).size, 20);
    await first.release();
    const third = await leasePorts(10, range);
    assert.deepEqual(third.ports, first.ports);
    await Promise.all([second.release(), third.release()]);
  });

  it('leaves out a port that another program listens on', async () => {
    const probe = await leasePorts(1, range);
    await probe.release();
    const [taken = 0] = probe.ports;
    const other = net.createServer().listen(taken, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const lease = await leasePorts(5, range);
    assert.ok(!lease.ports.includes(taken));
    await lease.release();
    other.close();
  });

  it('says how many are free when there are not enough, and keeps none', async () => {
    await assert.rejects(leasePorts(1_000, range), { code: 'port-unavailable' });
    const lease = await leasePorts(100, range);
    assert.equal(lease.ports.length, 100);
    await lease.release();
  });
});

describe('runtime/real: small parts', () => {
  it('finds a node that relayed what it had refused, and not one that lied by itself', () => {
    const refused = new RefusedBytes();
    refused.add(1, 0, 'aa');
    refused.add(2, 1, 'aa');
    refused.add(2, 3, 'bb');
    assert.equal(refused.relayedBy(1), 1);
    assert.equal(refused.relayedBy(3), 0);
  });

  it('takes the median of the probes, 0 on the diagonal, -1 where none came back', () => {
    const latencies = new Latencies(2);
    for (const ms of [30, 10.00049, 20]) latencies.add(0, 1, ms);
    assert.deepEqual(latencies.matrix(), [
      [0, 20],
      [-1, 0],
    ]);
  });

  it('costs nothing for the pairs of a large mesh that are not measured', () => {
    assert.doesNotThrow(() => new Latencies(100_000).add(99_999, 0, 5));
  });

  it('paces links that share an uplink together, and one with its own rate alone', () => {
    const pacer = new Pacer({ uplink: 8, links: new Map([[3, 80]]), up: 0, down: new Map() });
    pacer.book(1, 100, 0);
    assert.equal(pacer.idleAt(2), 99);
    assert.ok(pacer.idleAt(3) <= 0);
    pacer.book(3, 100, 0);
    assert.equal(pacer.idleAt(3), 9);
  });

  it('paces all links by the last mile of the node, and each by that of its receiver', () => {
    const links = new Map([[3, 80]]);
    const pacer = new Pacer({ uplink: 0, links, up: 16, down: new Map([[2, 4]]) });
    pacer.book(3, 100, 0);
    assert.equal(pacer.idleAt(1), 49, 'it did not share the last mile');
    assert.equal(pacer.idleAt(3), 59, 'the link was free while the last mile had not sent yet');
    pacer.book(2, 100, 0);
    assert.equal(pacer.idleAt(1), 99);
    assert.equal(pacer.idleAt(2), 299);
  });

  it('builds with what is alike on every node: no ports, no node id, no secrets', () => {
    const env = { MODE: 'fast', PORT: '${port:http}', WHO: 'x-${node.id}', P: '${host.path}:/x' };
    assert.deepEqual(buildEnv(env, '/bin'), { PATH: '/bin', MODE: 'fast', P: '/bin:/x' });
  });
});

describe('the label "degraded"', () => {
  const link = {
    from: 'n0',
    to: 'n1',
    sent: 9,
    delivered: 9,
    dropped: 0,
    lost: 0,
    unreachable: 0,
    achievedMs: null,
  };
  const quantiles = (ms: number) => ({ p50: ms, p90: ms, p99: ms });
  function reportWith(usualMs: number, errorMs: number) {
    return {
      network: {
        links: [{ ...link, configuredMs: quantiles(usualMs) }],
        timingErrorMs: quantiles(errorMs),
      },
    };
  }

  it('tolerates a few ms on short links, and a tenth of the delay on long ones', () => {
    assert.equal(isDegraded(reportWith(2, 4.9)), false);
    assert.equal(isDegraded(reportWith(2, 5.1)), true);
    assert.equal(isDegraded(reportWith(110, 10.9)), false);
    assert.equal(isDegraded(reportWith(110, 11.1)), true);
    assert.deepEqual(degradedReasons(reportWith(110, 33)), [
      'the p99 of the timing error of datagrams between nodes was 33.0 ms, 3.0 times its budget of 11.0 ms',
    ]);
  });

  it('is given for packets of services that came late, or that the machine dropped', () => {
    const given = (timingErrorMs: number | null, uncontrolled: number | null) =>
      isDegraded({
        network: {
          ...reportWith(2, 1).network,
          services: {
            timingErrorMs: timingErrorMs === null ? null : quantiles(timingErrorMs),
            uncontrolled,
          },
        },
      });
    assert.deepEqual(
      [given(4.9, 0), given(null, 0), given(null, null), given(5.1, 0), given(1, 1)],
      [false, false, false, true, true],
    );
  });

  it('is given for what came late to a node on another host, as that host measured it', () => {
    const given = (nodeId: string, ms: number) =>
      degradedReasons({
        ...reportWith(2, 1),
        hosts: [
          { nodeId: 'n1', arrivals: null },
          { nodeId, arrivals: { errorMs: quantiles(ms), earlyMs: 0, links: [] } },
        ],
      });
    assert.deepEqual(given('n2', 4.9), []);
    assert.deepEqual(given('n2', 10), [
      'the p99 of the timing error of what came to n2 was 10.0 ms, 2.0 times its budget of 5.0 ms',
    ]);
  });

  it('is not given where nothing was measured', () => {
    assert.equal(isDegraded({ network: { links: [], timingErrorMs: null } }), false);
  });
});
