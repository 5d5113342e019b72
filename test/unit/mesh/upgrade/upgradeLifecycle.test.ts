import assert from 'node:assert/strict';
import { EFFECT, FACT, VERSIONS, type FactKind, type MeshIo } from '../../../../src/mesh/io.ts';
import { UpgradeLifecycle } from '../../../../src/mesh/upgrade/upgradeLifecycle.ts';
import { NODE_PHASES } from '../../../../src/model/plan.ts';
import type { CapsuleVersion } from '../../../../src/model/upgradeReport.ts';

const STATUS = ['started', 'ok', 'error'];

/** A node that runs the old Capsule, and a diary of what its host is told. */
class Bench {
  readonly lifecycle: UpgradeLifecycle;
  #diary: string[] = [];

  constructor(isBeside = false) {
    const io: MeshIo = {
      now: () => 0,
      send: () => undefined,
      linkIdle: () => true,
      leftAt: () => 0,
      timer: () => undefined,
      effect: (kind, a, b) => this.#note(kind, a, b),
    };
    this.lifecycle = new UpgradeLifecycle(io, 'old', isBeside);
  }

  #note(kind: number, a: number, b: number): void {
    if (kind === EFFECT.phase) this.#diary.push(`${NODE_PHASES[a]} ${STATUS[b]}`);
    else if (kind === EFFECT.startServices) this.#diary.push(`start the ${VERSIONS[a]}`);
    else if (kind === EFFECT.migrate) this.#diary.push(`migrate to the ${VERSIONS[a]}`);
    else if (kind === EFFECT.stopServices) this.#diary.push('stop');
    else if (kind === EFFECT.staged) this.#diary.push('staged');
    else if (kind === EFFECT.upgradeHalted) this.#diary.push('halted');
    else if (kind === EFFECT.beside) this.#diary.push(`the ${VERSIONS[a]} is beside`);
    else if (kind === EFFECT.takenOver) this.#diary.push(`the ${VERSIONS[a]} serves`);
    else if (kind === EFFECT.askHealth) this.#diary.push('ask');
  }

  done(): string[] {
    const done = this.#diary;
    this.#diary = [];
    return done;
  }

  tell(...facts: FactKind[]): string[] {
    for (const fact of facts) this.lifecycle.onFact(fact, 0);
    return this.done();
  }

  move(to: CapsuleVersion): string[] {
    this.lifecycle.onFact(FACT.move, VERSIONS.indexOf(to));
    return this.done();
  }

  /** It serves the old Capsule. */
  serve(): this {
    this.lifecycle.begin();
    this.tell(FACT.servicesStarted, FACT.servicesHealthy);
    return this;
  }
}

describe('the life of a node that is upgraded', () => {
  it('begins with what is on its disk, and starts that at once', () => {
    const bench = new Bench();
    bench.lifecycle.begin();
    assert.deepEqual(bench.done(), [
      ...['boot started', 'boot ok', 'verify started', 'verify ok'],
      ...['receive started', 'receive ok', 'start started', 'start the old'],
    ]);
    assert.equal(bench.lifecycle.ready, false);
    assert.deepEqual(bench.tell(FACT.servicesStarted), ['start ok', 'healthy started']);
    assert.deepEqual(bench.tell(FACT.servicesHealthy, FACT.servicesHealthy), ['healthy ok']);
    assert.equal(bench.lifecycle.ready, true);
  });

  it('stages what the protocol receives, and starts none of it', () => {
    const bench = new Bench().serve();
    bench.lifecycle.verified();
    bench.lifecycle.received();
    bench.lifecycle.received();
    assert.deepEqual(bench.done(), ['staged']);
    assert.equal(bench.lifecycle.over, false);
  });

  it('moves when its host says so: stop, migrate, start, healthy', () => {
    const bench = new Bench().serve();
    assert.deepEqual(bench.move('new'), ['stop started', 'stop']);
    assert.deepEqual(bench.move('old'), [], 'not in the middle of a move');
    assert.deepEqual(bench.tell(FACT.servicesStopped), [
      ...['stop ok', 'migrate started', 'migrate to the new'],
    ]);
    assert.deepEqual(bench.tell(FACT.migrated), ['migrate ok', 'start started', 'start the new']);
    assert.deepEqual(bench.tell(FACT.servicesStarted, FACT.servicesHealthy), [
      ...['start ok', 'healthy started', 'healthy ok'],
    ]);
    assert.equal(bench.lifecycle.ready, true);
  });

  it('ends the phase in error where services or a migration fail, and can be moved back then', () => {
    const bench = new Bench().serve();
    bench.move('new');
    bench.tell(FACT.servicesStopped);
    assert.deepEqual(bench.tell(FACT.servicesFailed, FACT.servicesFailed), ['migrate error']);
    assert.equal(bench.lifecycle.ready, false);
    assert.deepEqual(bench.tell(FACT.migrated), []);
    assert.deepEqual(bench.move('old'), ['stop started', 'stop']);
    bench.tell(FACT.servicesStopped, FACT.migrated, FACT.servicesStarted, FACT.servicesHealthy);
    assert.equal(bench.lifecycle.ready, true);
  });

  it('serves on when it is offered other content, and takes no part any more', () => {
    const bench = new Bench().serve();
    bench.lifecycle.halt(0);
    bench.lifecycle.halt(0);
    bench.lifecycle.received();
    assert.deepEqual(bench.done(), ['halted']);
    assert.equal(bench.lifecycle.over && bench.lifecycle.ready, true);
  });
});

describe('the life of a node whose services start beside those that serve', () => {
  const beside = (): Bench => {
    const bench = new Bench(true).serve();
    bench.move('new');
    bench.tell(FACT.migrated, FACT.servicesStarted, FACT.servicesHealthy);
    return bench;
  };
  const COMING = ['migrate started', 'migrate to the new'];

  it('migrates and starts what comes, and serves all the while', () => {
    const bench = new Bench(true).serve();
    assert.deepEqual(bench.move('new'), COMING);
    assert.equal(bench.lifecycle.ready, true);
    assert.deepEqual(bench.move('new'), [], 'not in the middle of a move');
    bench.tell(FACT.migrated, FACT.servicesStarted);
    assert.deepEqual(bench.tell(FACT.servicesHealthy), ['healthy ok', 'the new is beside']);
    assert.equal(bench.lifecycle.ready, true);
  });

  it('lets it take over, then stops what served, and asks what is left', () => {
    const bench = beside();
    assert.deepEqual(bench.tell(FACT.takeOver, FACT.takeOver), [
      ...['the new serves', 'stop started', 'stop'],
    ]);
    assert.deepEqual(bench.tell(FACT.servicesStopped), ['stop ok', 'healthy started', 'ask']);
    assert.deepEqual(bench.tell(FACT.servicesHealthy), ['healthy ok']);
    assert.equal(bench.lifecycle.ready, true);
    assert.deepEqual(bench.move('old'), ['migrate started', 'migrate to the old']);
  });

  it('stops what has failed beside what serves, which it asks then, and can be moved again', () => {
    const bench = new Bench(true).serve();
    bench.move('new');
    bench.tell(FACT.migrated);
    assert.deepEqual(bench.tell(FACT.besideFailed, FACT.servicesHealthy), ['start error']);
    assert.equal(bench.lifecycle.ready, true);
    assert.deepEqual(bench.tell(FACT.takeOver), [], 'what has failed takes nothing over');
    assert.deepEqual(bench.tell(FACT.giveUp), ['stop started', 'stop']);
    assert.deepEqual(bench.tell(FACT.servicesStopped, FACT.servicesHealthy), [
      ...['stop ok', 'healthy started', 'ask', 'healthy ok'],
    ]);
    assert.deepEqual(bench.move('new'), COMING);
  });

  it('gives up what is healthy, too, and what fails then takes nothing over', () => {
    assert.deepEqual(beside().tell(FACT.giveUp), ['stop started', 'stop']);
    assert.deepEqual(beside().tell(FACT.besideFailed, FACT.takeOver), []);
  });

  it('is not ready when what serves has failed', () => {
    const bench = beside();
    bench.tell(FACT.servicesFailed);
    assert.equal(bench.lifecycle.ready, false);
  });
});
