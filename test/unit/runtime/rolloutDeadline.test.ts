import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { RolloutDeadline } from '../../../src/runtime/real/rolloutDeadline.ts';

describe('runtime/real: the deadline of a rollout', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  const LONGEST_BUILD_MS = 100_000;
  const deadlineOf = (limitMs: number) =>
    new RolloutDeadline(limitMs, LONGEST_BUILD_MS, () => Date.now());

  it('passes when its time is up, and says nothing of builds where there were none', () => {
    const deadline = deadlineOf(1_000);
    mock.timers.tick(999);
    assert.equal(deadline.passed.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.passed.aborted, true);
    assert.equal(deadline.notCounted, '');
  });

  it('stands still while something is built, as often as that happens', () => {
    const deadline = deadlineOf(1_000);
    mock.timers.tick(400);
    deadline.building(true);
    mock.timers.tick(60_000);
    deadline.building(false);
    mock.timers.tick(400);
    deadline.building(true);
    mock.timers.tick(5_000);
    deadline.building(false);
    mock.timers.tick(199);
    assert.equal(deadline.passed.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.passed.aborted, true);
    assert.equal(deadline.notCounted, ', 65000 ms of builds not counted');
  });

  it('stands still no longer than a build may take: what hangs does not hold the run for ever', () => {
    const deadline = deadlineOf(1_000);
    mock.timers.tick(400);
    deadline.building(true);
    mock.timers.tick(LONGEST_BUILD_MS + 599);
    assert.equal(deadline.passed.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.passed.aborted, true);
    assert.equal(deadline.notCounted, `, ${LONGEST_BUILD_MS} ms of builds not counted`);
  });

  it('goes on from where a build that took too long has left it', () => {
    const deadline = deadlineOf(1_000);
    deadline.building(true);
    mock.timers.tick(LONGEST_BUILD_MS + 400);
    deadline.building(false);
    assert.equal(deadline.notCounted, `, ${LONGEST_BUILD_MS} ms of builds not counted`);
    mock.timers.tick(599);
    assert.equal(deadline.passed.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.passed.aborted, true);
  });

  it('does not pass after the run, whose last builds end with their nodes', () => {
    const deadline = deadlineOf(1_000);
    deadline.building(true);
    deadline.close();
    deadline.building(false);
    mock.timers.tick(1_000);
    assert.equal(deadline.passed.aborted, false);
  });
});
