import assert from 'node:assert/strict';
import type { FaultReport } from '../../../src/model/faultReport.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { rehearse } from '../../support/virtualPlans.ts';

const PARAMS = { nodes: 5, latencyMs: [40, 180] as [number, number], packetLoss: 2 };

async function reportsOf(faults: Fault[]): Promise<readonly FaultReport[]> {
  const { observation } = await rehearse({ params: PARAMS, chaos: { faults } });
  return observation.faults;
}

const ON_SERVICES: readonly string[] = ['hung-service', 'service-crash', 'dns-outage', 'disk-full'];

const AT_ONCE = { atMs: 0 };

describe('what the faults of a run did', () => {
  for (const preset of CHAOS_PRESETS.slice(1).filter((one) => !ON_SERVICES.includes(one))) {
    it(`is something under the preset ${preset}, and counted`, async () => {
      const { observation } = await rehearse({ params: PARAMS, chaos: { preset } });
      assert.ok(observation.faults.length > 0);
      for (const report of observation.faults) {
        const { firedAt, endedAt } = report;
        assert.ok(firedAt !== null && firedAt >= observation.startedAt, JSON.stringify(report));
        assert.ok((endedAt ?? firedAt) >= firedAt && firedAt <= observation.endedAt);
        if ('impaired' in report) assert.ok(report.impaired > 0, JSON.stringify(report));
        if ('refused' in report) assert.ok(report.refused > 0, JSON.stringify(report));
        if (report.effect === 'kill') {
          assert.ok(report.booted && report.held > 0, JSON.stringify(report));
          assert.notEqual(endedAt, null);
        }
      }
    });
  }

  for (const preset of CHAOS_PRESETS.filter((one) => ON_SERVICES.includes(one))) {
    it(`is nothing under the preset ${preset} in virtual time, and why is said`, async () => {
      const { observation } = await rehearse({ params: PARAMS, chaos: { preset } });
      const [report] = observation.faults;
      assert.notEqual(report?.firedAt ?? null, null);
      assert.ok(report !== undefined && 'notApplied' in report && report.endedAt === null);
      assert.equal(report.notApplied, 'no service runs in virtual time');
    });
  }

  it('is what a node held when it was killed, and nothing of one that never booted', async () => {
    const [early, late, entry] = await reportsOf([
      { when: AT_ONCE, do: { kill: 'n1', restartAfterMs: 100 } },
      {
        when: { node: 'n2', phase: 'healthy', progress: 1 },
        do: { kill: 'n2', restartAfterMs: 9 },
      },
      { when: { afterFault: 1, delayMs: 9 }, do: { kill: 'n0', restartAfterMs: 9 } },
    ]);
    assert.ok(early?.effect === 'kill' && late?.effect === 'kill' && entry?.effect === 'kill');
    assert.deepEqual([early.booted, early.held], [false, 0]);
    assert.deepEqual([late.booted, late.held], [true, 20]);
    assert.deepEqual([entry.booted, entry.held], [true, 20]);
  });

  it('is nothing of faults that act on services, where none runs, and why is said', async () => {
    const reports = await reportsOf([
      { when: { atMs: 50 }, do: { pause: 'n1', forMs: 100 } },
      { when: { atMs: 50 }, do: { killService: { node: 'n1', service: 'orders' } } },
      {
        when: { afterFault: 0, delayMs: 10 },
        do: { refuse: { from: ['n0'], to: ['n1'], oneWay: false }, forMs: 100 },
      },
      { when: { atMs: 50 }, do: { dns: { nodes: ['n1', 'n2'], mode: 'fail' }, forMs: 100 } },
      { when: { atMs: 50 }, do: { fillDisk: 'n1', leaveBytes: 0, forMs: 100 } },
    ]);
    for (const report of reports) {
      assert.notEqual(report.firedAt, null, JSON.stringify(report));
      assert.equal(report.endedAt, null);
      assert.ok('notApplied' in report && report.notApplied === 'no service runs in virtual time');
    }
  });

  it('is nothing where a fault changed nothing, or never fired', async () => {
    const never = {
      loss: { kind: 'gilbert-elliott', p: 0, r: 1, lossGood: 0.02, lossBad: 1 },
    } as const;
    const [slow, bursts, late] = await reportsOf([
      { when: AT_ONCE, do: { slow: 'n1', factor: 1 } },
      { when: AT_ONCE, do: { degradeLink: { from: 'n0', to: 'n1', ...never } } },
      { when: { atMs: 600_000 }, do: { slow: 'n1', factor: 4 } },
    ]);
    assert.ok(
      slow?.effect === 'slow' && bursts?.effect === 'degradeLink' && late?.effect === 'slow',
    );
    assert.equal(slow.impaired, 0);
    assert.equal(bursts.impaired, 0);
    assert.deepEqual([late.impaired, late.firedAt], [0, null]);
  });
});
