import assert from 'node:assert/strict';
import type { Manifest } from '../../../src/model/capsule.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { refuseVainMigrationFaults } from '../../../src/runtime/real/migrationFaults.ts';
import { isMeshSimError } from '../../support/errorCode.ts';

const OF_N1: Fault[] = [
  { when: { migrates: 'n1', since: 'begun', delayMs: 0 }, do: { kill: 'n1', restartAfterMs: 0 } },
];

function manifest(...services: object[]): Manifest {
  return { services } as unknown as Manifest;
}

const STATELESS = manifest({ name: 'web' });
const MIGRATED = manifest({ name: 'web' }, { name: 'ledger', migrate: ['node', 'migrate.mjs'] });

describe('a fault that waits for a migration', () => {
  it('is taken where a service of either Capsule migrates on that node', () => {
    refuseVainMigrationFaults({}, OF_N1, [STATELESS, MIGRATED]);
    refuseVainMigrationFaults({ placement: { ledger: ['n1'] } }, OF_N1, [MIGRATED, STATELESS]);
  });

  it('is refused where none does, with its number and the node', () => {
    const refused = (placement: Record<string, string[]>, ...manifests: Manifest[]) =>
      assert.throws(
        () => refuseVainMigrationFaults({ placement }, OF_N1, manifests),
        isMeshSimError(
          'plan-invalid',
          /^chaos fault 0 waits for a migration on n1, but no service/,
        ),
      );
    refused({}, STATELESS, STATELESS);
    refused({ ledger: ['n0'] }, MIGRATED, MIGRATED);
  });
});
