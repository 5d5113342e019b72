import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { sweepOf } from '../../support/sweep.ts';
import { DATA_FOLDER_MOVED } from '../../upgradeFailures/classes/dataFolderMoved.ts';
import { MIGRATION_CUT_SHORT } from '../../upgradeFailures/classes/migrationCutShort.ts';
import { UNREADABLE_AFTER_ROLLBACK } from '../../upgradeFailures/classes/unreadableAfterRollback.ts';
import {
  findingsOf,
  hindranceOf,
  isFound,
  RehearsedFailure,
} from '../../upgradeFailures/rehearsedFailure.ts';

/**
 * One that the way back finds, one of a program of the machine, and one that checks find, after a kill amid its migration, which takes by
 * far the longest; `npm run test:upgrades` rehearses all.
 */
const SAMPLE = [UNREADABLE_AFTER_ROLLBACK, DATA_FOLDER_MOVED, MIGRATION_CUT_SHORT].slice(
  0,
  sweepOf(3, 2),
);

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

      if (failure === DATA_FOLDER_MOVED) return;
      it('is not found where it was mended', async () => {
        const observation = await rehearsed.upgrade('fixed', 1);
        assert.equal(observation.outcome, 'pass', observation.cause);
      });
    });
  }
});
