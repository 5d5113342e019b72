import assert from 'node:assert/strict';
import { DeviceDrops, dropsIn } from '../../../src/runtime/real/deviceDrops.ts';
import { requireCongestionControl } from '../../../src/runtime/real/requireCongestionControl.ts';
import { serviceEnvironment, serviceTraffic } from '../../../src/runtime/real/serviceFacts.ts';
import type { Surroundings } from '../../../src/runtime/real/nodeRecord.ts';
import { isMeshSimError } from '../../support/errorCode.ts';

const wire = { congestionControl: 'bbr' };
const off = { by: 'settings', reason: 'turned off' } as const;
const none = { by: 'machine', reason: 'no namespaces' } as const;

describe('what evidence says of the packets of services', () => {
  it('sums links, and what was dropped by nobody the plan names', () => {
    const link = { from: 'n0', to: 'n1', configuredMs: null, achievedMs: null };
    const report = {
      links: [
        { ...link, sent: 10, delivered: 5, dropped: 3, lost: 2, unreachable: 1 },
        { ...link, sent: 20, delivered: 19, dropped: 1, lost: 0, unreachable: 0 },
      ],
      ...{ bytes: 900, timingErrorMs: null, decisionsDigest: 'd', impaired: [] },
      refused: {
        ...{ 'not-ipv4': 1, truncated: 2, malformed: 4, 'to-itself': 8 },
        ...{ 'foreign-source': 16, 'foreign-destination': 32, flood: 64, jam: 128 },
      },
    };
    assert.deepEqual(serviceTraffic(report, 256), {
      ...{ sent: 30, bytes: 900, delivered: 24, lost: 2, queueDropped: 2, unreachable: 1 },
      refused: { forgedSource: 16, foreignDestination: 32, unreadable: 15 },
      ...{ uncontrolled: 448, timingErrorMs: null, decisionsDigest: 'd' },
    });
    assert.equal(serviceTraffic(report, null).uncontrolled, null);
  });

  it('says "kernel" only where every node had a wire in every life', () => {
    const fidelity = (...lives: Surroundings[]) => serviceEnvironment(lives, ['6.1']).fidelity;
    const full = { isolation: 'full' } as const;
    assert.equal(fidelity({ ...full, wire }, { isolation: 'network', limit: off, wire }), 'kernel');
    assert.equal(fidelity({ ...full, wire }, full), 'datagram');
    assert.equal(fidelity(), 'datagram');
    const elsewhere = serviceEnvironment([{ ...full, wire }], ['6.1', '6.6']);
    assert.equal(elsewhere.kernel, '6.1, 6.6');
    assert.deepEqual(serviceEnvironment([{ ...full, wire }], ['6.1', '6.1']), {
      ...{ fidelity: 'kernel', kernel: '6.1', tcp: wire, isolation: 'full' },
    });
  });

  it('names the least isolation, and settings before the machine as what kept it from more', () => {
    const lives: Surroundings[] = [
      { isolation: 'none', limit: none },
      { isolation: 'full' },
      { isolation: 'none', limit: off },
    ];
    assert.deepEqual(serviceEnvironment(lives, ['6.1']), {
      ...{ fidelity: 'datagram', isolation: 'none', isolationLimit: off },
    });
  });
});

describe('packets that devices of nodes dropped', () => {
  const TABLE = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
 mesh0:  107176    1035    0    1    0     0          0         0   130376    1074    0   37    0     0       0          0
`;

  it('are read from the table of their network', () => {
    assert.equal(dropsIn(TABLE), 37);
    assert.equal(dropsIn(TABLE.replace('mesh0', 'eth0')), undefined);
  });

  it('are counted once for each box, and not said where one was not looked at', () => {
    const drops = new DeviceDrops((pid) => (pid === 9 ? undefined : pid));
    drops.add('n0', 3);
    drops.add('n0', 4);
    for (const nodeId of ['n0', 'n0', 'n1']) drops.take(nodeId);
    assert.equal(drops.total, 7);
    drops.add('n1', 9);
    drops.take('n1');
    assert.equal(drops.total, null);
  });
});

describe('the congestion control a plan asks for', () => {
  const kernel = (setting: string) =>
    ({
      tcp_congestion_control: ['cubic'],
      tcp_allowed_congestion_control: ['reno'],
      tcp_available_congestion_control: ['reno', 'cubic', 'bbr'],
    })[setting] ?? [];
  const asked = (congestionControl: string, of: typeof kernel) => () =>
    requireCongestionControl({ tcp: { congestionControl } }, of);

  it('is the machine’s own, or one it allows to everybody', () => {
    for (const name of ['cubic', 'reno']) assert.doesNotThrow(asked(name, kernel));
    assert.doesNotThrow(() => requireCongestionControl({}, () => []));
  });

  it('is refused otherwise, with what there is and what to do', () => {
    assert.throws(asked('bbr', kernel), /it has cubic, reno\. .*or add it to sysctl/);
    assert.throws(asked('dctcp', kernel), /modprobe tcp_dctcp/);
    assert.throws(
      asked('cubic', () => []),
      isMeshSimError('plan-invalid', /which only Linux gives/),
    );
  });
});
