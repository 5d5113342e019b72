import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { DATA_FOLDER_MOVED } from '../../upgradeFailures/classes/dataFolderMoved.ts';
import { MIGRATION_CUT_SHORT } from '../../upgradeFailures/classes/migrationCutShort.ts';
import { UNREADABLE_AFTER_ROLLBACK } from '../../upgradeFailures/classes/unreadableAfterRollback.ts';
import {
  findingsOf,
  hindranceOf,
  isFound,
  RehearsedFailure,
} from '../../upgradeFailures/rehearsedFailure.ts';

const SAMPLE = [MIGRATION_CUT_SHORT, UNREADABLE_AFTER_ROLLBACK, DATA_FOLDER_MOVED];

/**
 * One that checks find, after a kill amid its migration, one that the way back finds, and one of a program of the machine;
 * `npm run test:upgrades` rehearses all.
 */
describe('upgrade failures', () => {
  for (const failure of SAMPLE) {
    const hindrance = hindranceOf(failure);
    const suite = hindrance === undefined ? describe : describe.skip;
    suite(`${failure.name}${hindrance === undefined ? '' : ` (${hindrance})`}`, () => {
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
