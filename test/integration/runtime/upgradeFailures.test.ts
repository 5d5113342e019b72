import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { MESSAGE_FIELD_RENAMED } from '../../upgradeFailures/classes/messageFieldRenamed.ts';
import { UNREADABLE_AFTER_ROLLBACK } from '../../upgradeFailures/classes/unreadableAfterRollback.ts';
import {
  findingsOf,
  hindranceOf,
  isFound,
  RehearsedFailure,
} from '../../upgradeFailures/rehearsedFailure.ts';

const suite = hindranceOf(MESSAGE_FIELD_RENAMED) === undefined ? describe : describe.skip;

/** One that checks find, and one that the way back finds; `npm run test:upgrades` rehearses all. */
suite('upgrade failures (needs a TUN device)', () => {
  for (const failure of [MESSAGE_FIELD_RENAMED, UNREADABLE_AFTER_ROLLBACK]) {
    describe(failure.name, () => {
      let rehearsed: RehearsedFailure;
      before(async () => {
        rehearsed = await RehearsedFailure.pack(failure);
      });
      after(() => rehearsed.dispose());

      it('is found by the default upgrade, whose sentence names it', async () => {
        const observation = await rehearsed.upgrade('broken', 1);
        assert.ok(isFound(failure, observation), findingsOf(observation).join('\n'));
      });

      if (failure !== UNREADABLE_AFTER_ROLLBACK) return;
      it('is not found where it was mended', async () => {
        const observation = await rehearsed.upgrade('fixed', 1);
        assert.equal(observation.outcome, 'pass', observation.cause);
      });
    });
  }
});
