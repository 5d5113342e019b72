import assert from 'node:assert/strict';
import type { Manifest } from '../../../src/model/capsule.ts';
import {
  askedSeldom,
  askedServices,
  calledServices,
  soundedServices,
} from '../../../src/runtime/askedServices.ts';

type Service = Manifest['services'][number];

const OBJECTIVE = {
  name: 'there',
  metric: 'availability-percent',
  comparator: '>=',
  threshold: 90,
};

function service(name: string, more: object = {}): Service {
  return {
    ...{ name, objectives: [OBJECTIVE], ports: { http: 7300 } },
    ...{ health: { http: { port: 'http', path: '/' } } },
    ...more,
  } as unknown as Service;
}

const manifest = (...services: Service[]) => ({ services }) as unknown as Manifest;
const PLAN = { params: { nodes: 2 }, placement: { api: ['n1'] } } as unknown as Parameters<
  typeof askedServices
>[1];

describe('the services that other nodes ask for', () => {
  it('are by node those with an objective by probes, by their place in the manifest', () => {
    const one = manifest(service('plain', { objectives: [] }), service('web'), service('api'));
    assert.deepEqual(askedServices({ manifest: one, before: undefined }, PLAN), [[1], [1, 2]]);
  });

  it('are in an upgrade those that both Capsules answer for alike, by their place in the one that ran before', () => {
    const before = manifest(service('api'), service('web'), service('moved'), service('gone'));
    const after = manifest(
      service('web'),
      service('moved', { ports: { http: 7400 } }),
      service('added'),
      service('api', { health: { http: { port: 'http', path: '/ready' } } }),
    );
    assert.deepEqual(askedServices({ manifest: after, before }, PLAN), [[1], [1]]);
  });

  it('are over the wire, in an upgrade, also those that promise no availability and listen, less often', () => {
    const plain = service('api', { objectives: [] });
    const command = service('job', { objectives: [], health: { command: ['true'] } });
    const slow = service('slow', { objectives: [{ ...OBJECTIVE, metric: 'latency-p95-ms' }] });
    const of = manifest(plain, service('web'), command, slow);
    const both = { manifest: of, before: of };
    assert.deepEqual(soundedServices(both), ['api', 'slow']);
    assert.deepEqual(askedServices(both, PLAN), [
      [1, 3],
      [1, 3],
    ]);
    assert.deepEqual(askedServices(both, PLAN, true), [
      [1, 3],
      [0, 1, 3],
    ]);
    assert.deepEqual(askedSeldom(both), [0]);
    assert.deepEqual(soundedServices({ manifest: of, before: undefined }), []);
  });

  it('have no callers that are listened to while nodes run different Capsules', () => {
    const called = [{ ...OBJECTIVE, measuredBy: 'calls' }];
    const one = manifest(service('web', { objectives: called }));
    assert.deepEqual(calledServices({ manifest: one, before: undefined }), ['web']);
    assert.deepEqual(calledServices({ manifest: one, before: one }), []);
  });
});
