import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { requireKnownServices } from '../../../src/mesh/faultServices.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const when = { atMs: 5 };
const SERVICES = [
  { name: 'orders', health: { command: 'true', intervalMs: 9, timeoutMs: 9, deadlineMs: 9 } },
  { name: 'web', health: { command: 'true', intervalMs: 9, timeoutMs: 9, deadlineMs: 9 } },
  { name: 'migrate', health: { deadlineMs: 9 } },
];
const plan = (does: Fault['do']) => virtualPlan({ chaos: { faults: [{ when, do: does }] } });

describe('services that faults name', () => {
  it('are those of the Capsule, or the plan is refused with the fault and the name', () => {
    for (const does of [
      { pause: 'n1', services: ['orders', 'ghost'], forMs: 5 },
      { killService: { node: 'n1', service: 'ghost' } },
    ]) {
      assert.throws(
        () => requireKnownServices(plan(does), SERVICES),
        /chaos fault 0 names the service "ghost".*name one of orders, web/,
      );
    }
  });

  it('have to run: a one-shot service has ended by then', () => {
    const killed = plan({ killService: { node: 'n1', service: 'migrate' } });
    assert.throws(
      () => requireKnownServices(killed, SERVICES),
      /"migrate", a one-shot service, which ends .*; name one of orders, web\./,
    );
  });

  it('may be left out', () => {
    requireKnownServices(plan({ pause: 'n1', forMs: 5 }), SERVICES);
    requireKnownServices(plan({ kill: 'n1', restartAfterMs: 5 }), SERVICES);
  });
});
