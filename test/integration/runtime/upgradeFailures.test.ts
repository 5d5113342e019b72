import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { MIGRATION_CUT_SHORT } from '../../upgradeFailures/classes/migrationCutShort.ts';
import { UNREADABLE_AFTER_ROLLBACK } from '../../upgradeFailures/classes/unreadableAfterRollback.ts';
import {
  findingsOf,
  hindranceOf,
  isFound,
  RehearsedFailure,
} from '../../upgradeFailures/rehearsedFailure.ts';

const suite = hindranceOf(MIGRATION_CUT_SHORT) === undefined ? describe : describe.skip;

/** One that checks find, after a kill amid its migration, and one that the way back finds; `npm run test:upgrades` rehearses all. */
suite('upgrade failures (needs a TUN device)', () => {
  for (const failure of [MIGRATION_CUT_SHORT, UNREADABLE_AFTER_ROLLBACK]) {
    describe(failure.name, () => {
      let rehearsed: RehearsedFailure;
      before(async () => {
        rehearsed = await RehearsedFailure.pack(failure);
      });
      after(() => rehearsed.dispose());

      it('is found by the upgrade, whose sentence names it', async () => {
        const observation = await rehearsed.upgrade('broken', 1);
        assert.ok(isFound(failure, observation), findingsOf(observation).join('\n'));
      });

      if (failure !== MIGRATION_CUT_SHORT) return;
      it('is not found where it was mended', async () => {
        const observation = await rehearsed.upgrade('fixed', 1);
        assert.equal(observation.outcome, 'pass', observation.cause);
      });
    });
  }
});
