import assert from 'node:assert/strict';
import { registryProblems } from '../../../src/capsule/registryRules.ts';
import { registrySchema } from '../../../src/model/registry.ts';
import { draftRegistry } from '../../../src/studio/capsules/draftRegistry.ts';

function drafted(...args: Parameters<typeof draftRegistry>) {
  const registry = registrySchema.parse(JSON.parse(draftRegistry(...args)));
  assert.deepEqual(registryProblems(registry), []);
  return registry;
}

describe('a first registry', () => {
  it('has a service for every package that can be started', () => {
    const { name, services } = drafted('Harbor Pay', [
      { folder: '.', scripts: { test: 'mocha' } },
      { folder: 'services/orders', scripts: { start: 'node server.mjs', build: 'tsc' } },
      { folder: 'services/gateway', scripts: { start: 'next start -p $PORT' } },
    ]);

    assert.equal(name, 'harbor-pay');
    assert.deepEqual(
      services.map((service) => [service.name, service.path, service.start, service.ports.http]),
      [
        ['orders', 'services/orders', ['node', 'server.mjs'], 7301],
        ['gateway', 'services/gateway', ['npm', 'start'], 7302],
      ],
    );
    assert.deepEqual(services[0]?.build, ['npm', 'run', 'build']);
  });

  it('keeps names apart and valid whatever the folders are called', () => {
    const scripts = { start: 'node .' };

    const { services } = drafted('日本', [
      { folder: 'a/Web', scripts },
      { folder: 'b/web', scripts },
      { folder: '2nd_api', scripts },
      { folder: '__', scripts },
    ]);

    assert.deepEqual(
      services.map(({ name }) => name),
      ['web', 'web-2', 'nd-api', 'service'],
    );
  });

  it('is an example to fill in where nothing can be started', () => {
    assert.equal(drafted('empty', []).services.length, 1);
  });
});
