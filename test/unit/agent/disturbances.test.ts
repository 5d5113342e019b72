import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { Disturbances, NotApplied, type Acting } from '../../../src/agent/disturbances.ts';
import { NameFaults } from '../../../src/agent/box/nameFaults.ts';
import type { DisturbedReport } from '../../../src/wire/disturbance.ts';

const PAUSE = { kind: 'pause' as const };

/** A node whose services do what they are told to when they are there. */
function world(disturb: () => Promise<Acting> = () => Promise.resolve(ACTING)) {
  const reports: Omit<DisturbedReport, 'type' | 'at'>[] = [];
  const disturbances = new Disturbances({
    nodeId: 'n1',
    now: () => 5,
    report: ({ fault, status, count, sentence }) =>
      reports.push({ fault, status, sentence, ...(count === undefined ? {} : { count }) }),
  });
  return { reports, disturbances, begin: () => disturbances.servicesBegun({ disturb } as never) };
}

const ACTING: Acting = {
  count: 2,
  sentence: 'stopped',
  end: () => Promise.resolve({ sentence: 'goes on' }),
};

describe('agent/disturbances', () => {
  it('says what a fault did, and when it was undone', async () => {
    const { reports, disturbances, begin } = world();
    begin();
    disturbances.begin(3, PAUSE);
    await disturbances.end(3);
    assert.deepEqual(reports, [
      { fault: 3, status: 'acted', count: 2, sentence: 'stopped' },
      { fault: 3, status: 'healed', sentence: 'goes on' },
    ]);
  });

  it('was not applied when it is over before there are services', async () => {
    const { reports, disturbances } = world();
    disturbances.begin(0, PAUSE);
    await disturbances.end(0);
    assert.deepEqual(
      reports.map(({ status, sentence }) => [status, sentence]),
      [['not-applied', 'n1 had no services meanwhile']],
    );
  });

  it('says why a node could not do it, and undoes nothing', async () => {
    const { reports, disturbances, begin } = world(() => Promise.reject(new NotApplied('no box')));
    begin();
    disturbances.begin(0, PAUSE);
    await disturbances.end(0);
    assert.deepEqual(reports, [{ fault: 0, status: 'not-applied', sentence: 'no box' }]);
  });

  it('undoes all that still last when the node is to stop, and begins none any more', async () => {
    const { reports, disturbances, begin } = world();
    begin();
    disturbances.begin(0, PAUSE);
    disturbances.begin(1, PAUSE);
    await disturbances.endAll();
    disturbances.begin(2, PAUSE);
    assert.deepEqual(
      reports.flatMap(({ fault, status }) => (status === 'healed' ? [fault] : [])),
      [0, 1],
    );
    assert.ok(reports.every(({ fault }) => fault !== 2));
  });

  it('tells by itself of one that ends by itself, and not of one that does not', async () => {
    const back = Promise.resolve({ sentence: 'healthy' });
    const once = world(() => Promise.resolve({ count: 1, sentence: 'killed', over: back }));
    once.begin();
    once.disturbances.begin(0, PAUSE);
    await back;
    await once.disturbances.end(0);
    assert.equal(once.reports.at(-1)?.sentence, 'healthy');
    const never = new Promise<undefined>(() => undefined);
    const gone = world(() => Promise.resolve({ count: 1, sentence: 'killed', over: never }));
    gone.begin();
    gone.disturbances.begin(0, PAUSE);
    await gone.disturbances.endAll();
    assert.deepEqual(
      gone.reports.map(({ status }) => status),
      ['acted'],
    );
  });
});

describe('agent/box/nameFaults', () => {
  it('fail the names they are about, however they are written, and count them', async () => {
    const faults = new NameFaults();
    faults.begin(0, { names: ['Orders'] });
    assert.equal(await faults.answers('orders.mesh.'), false);
    assert.equal(await faults.answers('payments'), true);
    assert.equal(faults.end(0), 1);
    assert.equal(await faults.answers('orders'), true);
  });

  it('answer late, and still answer', async () => {
    const faults = new NameFaults();
    faults.begin(0, { delayMs: 30 });
    const askedAt = performance.now();
    assert.equal(await faults.answers('anything'), true);
    assert.ok(performance.now() - askedAt >= 29);
    assert.equal(faults.end(0), 1);
  });
});
