import assert from 'node:assert/strict';
import { EFFECT, type MeshIo } from '../../../src/mesh/io.ts';
import { Lifecycle } from '../../../src/mesh/lifecycle.ts';
import { PHASES } from '../../../src/model/plan.ts';

const STATUS = ['started', 'ok', 'error'];

function lifecycleWithDiary(): { lifecycle: Lifecycle; diary: string[] } {
  const diary: string[] = [];
  const io: MeshIo = {
    now: () => 0,
    send: () => undefined,
    linkIdle: () => true,
    leftAt: () => 0,
    timer: () => undefined,
    effect: (kind, a, b) => {
      if (kind === EFFECT.phase) diary.push(`${PHASES[a] ?? '?'} ${STATUS[b] ?? '?'}`);
    },
  };
  return { lifecycle: new Lifecycle(io), diary };
}

/** Up to the start of its services. */
function received(): ReturnType<typeof lifecycleWithDiary> {
  const world = lifecycleWithDiary();
  world.lifecycle.begin();
  world.lifecycle.boot();
  world.lifecycle.verified();
  world.lifecycle.received();
  return world;
}

describe('the lifecycle of a node', () => {
  it('passes each phase once, in order', () => {
    const { lifecycle, diary } = received();
    lifecycle.servicesStarted();
    lifecycle.servicesHealthy();
    lifecycle.servicesHealthy();
    assert.deepEqual(
      diary,
      PHASES.flatMap((phase) => [`${phase} started`, `${phase} ok`]),
    );
  });

  it('ends in error when services fail, but goes on serving content to the others', () => {
    const { lifecycle, diary } = received();
    lifecycle.servicesFailed();
    lifecycle.servicesFailed();
    lifecycle.servicesHealthy();
    assert.equal(diary.at(-1), 'start error');
    assert.equal(lifecycle.over, false);
  });

  it('is over when it halts, and tells the error once', () => {
    const { lifecycle, diary } = lifecycleWithDiary();
    lifecycle.begin();
    lifecycle.boot();
    lifecycle.halt(0);
    lifecycle.halt(0);
    lifecycle.verified();
    assert.deepEqual(diary.slice(-2), ['verify started', 'verify error']);
    assert.equal(lifecycle.over, true);
  });
});
