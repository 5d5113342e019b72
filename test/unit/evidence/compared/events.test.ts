import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventsBetween, SequencesOfEvents } from '../../../../src/evidence/compared/sequences.ts';
import { eventsIn } from '../../../../src/evidence/eventLines.ts';
import type { MeshEventBody } from '../../../../src/model/events.ts';
import { eventText, type TimedEvent } from '../../../support/comparedSide.ts';

function sequencesOf(events: readonly TimedEvent[]): SequencesOfEvents {
  const sequences = new SequencesOfEvents();
  for (const event of eventsIn(eventText(events), [])) sequences.add(event);
  return sequences;
}

const between = (a: readonly TimedEvent[], b: readonly TimedEvent[]) =>
  eventsBetween(sequencesOf(a), sequencesOf(b));

const phase = (nodeId: string, status: 'started' | 'ok' | 'error'): MeshEventBody => ({
  ...{ type: 'phase', phase: 'verify', nodeId, status },
});
const healthy = (service: string): MeshEventBody => ({
  ...{ type: 'service', nodeId: 'n0', status: 'healthy', service },
});

describe('where the events of two runs part', () => {
  it('is nowhere when only times and the order among nodes and services differ', () => {
    const { same, parted } = between(
      [
        ...([
          [1, phase('n0', 'started')],
          [2, phase('n1', 'started')],
          [3, phase('n0', 'ok')],
        ] as const),
        ...([
          [4, phase('n1', 'ok')],
          [5, healthy('api')],
          [6, healthy('web')],
        ] as const),
      ],
      [
        ...([
          [9, phase('n1', 'started')],
          [20, phase('n1', 'ok')],
          [30, healthy('web')],
        ] as const),
        ...([
          [40, phase('n0', 'started')],
          [50, healthy('api')],
          [60, phase('n0', 'ok')],
        ] as const),
      ],
    );
    assert.deepEqual([same, parted], [6, []]);
  });

  it('is at the first event in either that the other has another one for', () => {
    const { same, parted } = between(
      [
        [1, phase('n1', 'started')],
        [500, phase('n1', 'ok')],
        [900, healthy('api')],
      ],
      [
        [1, phase('n1', 'started')],
        [300, phase('n1', 'error')],
      ],
    );
    assert.equal(same, 1);
    assert.deepEqual(parted, [
      {
        about: 'n1, phases',
        a: { seq: 1, at: 500, is: 'n1 verify ok' },
        b: { seq: 1, at: 300, is: 'n1 verify error' },
      },
      { about: 'n0, api', a: { seq: 2, at: 900, is: 'n0 api healthy' } },
    ]);
  });

  it('is at a fault that one of them has, before what came of it', () => {
    const fired: TimedEvent = [100, { type: 'fault', fault: 0, nodeId: 'n1', status: 'fired' }];
    const died: TimedEvent = [101, { type: 'node', nodeId: 'n1', status: 'crashed' }];
    const { parted } = between([], [fired, died]);
    assert.deepEqual(
      parted.map(({ about }) => about),
      ['fault 0', 'n1, process'],
    );
  });

  it('is not at what is told as often as it happens to be seen, at measurements or at builds', () => {
    const valid: MeshEventBody = { type: 'hop', nodeId: 'n1', from: 'n0', status: 'valid' };
    const other: MeshEventBody = { ...valid, from: 'n2' };
    const built: MeshEventBody = {
      ...{ type: 'service', nodeId: 'n0', service: 'api', status: 'building' },
    };
    const seen: MeshEventBody = {
      ...{ type: 'probes', service: 'api', status: 'failed', latencyMs: [], failed: 1 },
    };
    const { parted } = between(
      [
        [1, valid],
        [2, other],
        [3, built],
      ],
      [
        [1, other],
        [7, seen],
      ],
    );
    assert.deepEqual(parted, []);
  });
});
