import assert from 'node:assert/strict';
import { portRange, placed } from '../../../src/agent/box/places.ts';
import type { NodeProcesses } from '../../../src/agent/nodeProcesses.ts';
import { processesAt } from '../../../src/agent/placedProcesses.ts';
import { placedService, plainService } from '../../../src/agent/processes/placedService.ts';

describe('the places of a node', () => {
  it('share no port from which somebody connects, and keep to what Linux gives', () => {
    const ranges = [0, 1, 2].map((place) => portRange(place).split(' ').map(Number));
    for (const [at, [first = 0, last = 0]] of ranges.entries()) {
      assert.ok(first >= 32_768 && last <= 60_999 && first < last);
      assert.ok(first > (ranges[at - 1]?.[1] ?? 0));
    }
    assert.equal(portRange(undefined), '');
  });

  it('have files of their own, the first those that any node has', () => {
    assert.deepEqual(
      [placed('names'), placed('names', 0), placed('names', 2)],
      ['names', 'names', 'names-2'],
    );
  });

  it('tell processes of services apart that have the same name, and name them alike', () => {
    const asked: string[] = [];
    const killService = (service: string) => {
      asked.push(service);
      return Promise.resolve(1);
    };
    const all = { killService, ownerOf: (owner: object) => owner } as unknown as NodeProcesses;
    for (const place of [0, 1]) void processesAt(all, place).killService('web', 7);
    assert.deepEqual(asked, ['web', 'web~1']);
    assert.deepEqual(processesAt(all, 1).ownerOf({ service: 'web', check: 'check-1' }), {
      service: 'web~1',
      check: 'check-1',
    });
    assert.equal(plainService(placedService('web', 1)), 'web');
    assert.equal(plainService(undefined), undefined);
  });
});
