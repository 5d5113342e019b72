import assert from 'node:assert/strict';
import { BuildWatch, buildWords } from '../../../src/model/buildWatch.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import type { ServiceStatus } from '../../../src/model/serviceStatus.ts';

const common = { simId: 'c0ffee00-0000-4000-8000-000000000000', seq: 0 };

function service(at: number, nodeId: string, status: ServiceStatus): MeshEvent {
  return { ...common, type: 'service', at, nodeId, service: 'web', status };
}

function line(nodeId: string, text: string): MeshEvent {
  return { ...common, type: 'log', at: 0, nodeId, service: 'web', status: 'stdout', text };
}

function watchAfter(...events: MeshEvent[]): BuildWatch {
  const watch = new BuildWatch();
  for (const event of events) watch.event(event);
  return watch;
}

describe('the builds of a run', () => {
  it('are followed while they go on, with what they said last', () => {
    const watch = watchAfter(service(1_000, 'n0', 'building'), line('n0', 'added 3 packages'));
    assert.deepEqual(watch.going, {
      nodeId: 'n0',
      service: 'web',
      since: 1_000,
      line: 'added 3 packages',
    });
    assert.ok(watch.isOutput(line('n0', 'more')));
    assert.equal(watch.isOutput(line('n1', 'of a service that runs')), false);
  });

  it('are told with how long they took, when their results are kept', () => {
    const watch = watchAfter(
      service(1_000, 'n0', 'building'),
      service(10_340, 'n0', 'built'),
      service(10_400, 'n1', 'cached'),
    );
    assert.equal(watch.going, undefined);
    assert.equal(buildWords(watch.finished), 'web on n0 9.3 s');
  });

  for (const [how, end] of [
    ['they failed', service(2_000, 'n0', 'failed')],
    [
      'their node was killed',
      { ...common, type: 'node', at: 2_000, nodeId: 'n0', status: 'crashed' },
    ],
  ] as const) {
    it(`are over without a time when ${how}`, () => {
      const watch = watchAfter(service(1_000, 'n0', 'building'), end);
      assert.equal(watch.going, undefined);
      assert.equal(buildWords(watch.finished), undefined);
    });
  }
});
