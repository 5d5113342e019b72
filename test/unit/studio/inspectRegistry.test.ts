import assert from 'node:assert/strict';
import { inspectRegistry } from '../../../src/studio/capsules/inspectRegistry.ts';

type Entry = Record<string, unknown>;

const SERVICE: Entry = {
  name: 'web',
  path: 'web',
  start: ['node', 'server.mjs'],
  health: { command: ['true'] },
};

/** The marked text and the sentence of every problem. */
async function problemsIn(text: string): Promise<[string, string][]> {
  const { signal } = new AbortController();
  const file = '/product/mesh.services.json';
  const problems = await inspectRegistry({ text, file, asksGit: false, signal });
  return problems.map(({ offset, length, sentence }) => [
    text.slice(offset, offset + length),
    sentence,
  ]);
}

function registryOf(...entries: Entry[]): string {
  const services = entries.map((entry) => ({ ...SERVICE, ...entry }));
  return JSON.stringify({ name: 'product', services }, null, 2);
}

describe('the problems of a registry that a schema cannot say', () => {
  it('are none in a sound one', async () => {
    assert.deepEqual(await problemsIn(registryOf({}, { name: 'api', dependsOn: ['web'] })), []);
  });

  it('mark every unknown dependency, not only the first', async () => {
    const found = await problemsIn(registryOf({ dependsOn: ['nobody', 'noone'] }));

    assert.deepEqual(
      found.map(([text]) => text),
      ['"nobody"', '"noone"'],
    );
    assert.match(found[0]![1], /^Services\[0\]\.dependsOn\[0\] is "nobody", which is no service/);
  });

  it('mark a circle where it begins', async () => {
    const [found, ...others] = await problemsIn(
      registryOf({ dependsOn: ['api'] }, { name: 'api', dependsOn: ['web'] }),
    );

    assert.match(found![1], /web -> api -> web/);
    assert.match(found![0], /^\[\s*"api"\s*\]$/);
    assert.deepEqual(others, []);
  });

  it('mark a path that leaves its repository', async () => {
    const [found] = await problemsIn(registryOf({ path: '../outside' }));

    assert.equal(found![0], '"../outside"');
    assert.match(found![1], /leaves its repository/);
  });

  it('mark a health check of a port that is not declared', async () => {
    const [found] = await problemsIn(
      registryOf({ health: { http: { port: 'http', path: '/' } }, ports: {} }),
    );

    assert.equal(found![0], '"http"');
    assert.match(found![1], /ports does not declare/);
  });

  it('mark a way in which an objective cannot be measured', async () => {
    const objective = { name: 'quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 5 };
    const [found, ...others] = await problemsIn(
      registryOf({ objectives: [{ ...objective, measuredBy: 'probes' }] }),
    );

    assert.equal(found![0], '"probes"');
    assert.match(found![1], /health is a command, which other nodes cannot ask: write "calls"/);
    assert.deepEqual(others, []);
  });

  it('are left to the editor while the text is no JSON or not of the schema', async () => {
    assert.deepEqual(await problemsIn('{'), []);
    assert.deepEqual(await problemsIn('{"name": "x"}'), []);
  });
});
