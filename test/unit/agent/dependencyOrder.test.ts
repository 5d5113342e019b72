import assert from 'node:assert/strict';
import { inDependencyOrder } from '../../../src/agent/services/dependencyOrder.ts';
import type { CapsuleService } from '../../../src/model/capsule.ts';

function service(name: string, ...dependsOn: string[]): CapsuleService {
  return { name, dependsOn } as unknown as CapsuleService;
}

describe('dependencyOrder', () => {
  it('acts on a service when those it depends on are done, and on each once', async () => {
    const told: string[] = [];
    const services = [service('web', 'api', 'store'), service('api', 'store'), service('store')];
    await inDependencyOrder(
      services,
      async ({ name }) => {
        told.push(name);
        await Promise.resolve();
        told.push(`${name} done`);
      },
      () => Promise.reject(new Error('all are among them')),
    );
    assert.deepEqual(told, ['store', 'store done', 'api', 'api done', 'web', 'web done']);
  });

  it('waits for dependencies that are not among them as it is told', async () => {
    const told: string[] = [];
    await inDependencyOrder(
      [service('web', 'store')],
      ({ name }) => Promise.resolve(void told.push(name)),
      (name) => Promise.resolve(void told.push(`waited for ${name}`)),
    );
    assert.deepEqual(told, ['waited for store', 'web']);
  });

  it('does nothing with what depends on a service that failed', async () => {
    const told: string[] = [];
    const done = inDependencyOrder(
      [service('web', 'store'), service('store')],
      ({ name }) => {
        told.push(name);
        return Promise.reject(new Error('no room'));
      },
      () => Promise.resolve(),
    );
    await assert.rejects(done, /no room/);
    assert.deepEqual(told, ['store']);
  });
});
