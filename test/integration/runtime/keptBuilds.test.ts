import assert from 'node:assert/strict';
import path from 'node:path';
import type { MeshEvent } from '../../../src/model/events.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import { createTinyProduct, HEALTHY_SERVER, type TinyProduct } from '../../support/tinyProduct.ts';

/**
 * The first of two builds ends well; the second hangs with half of its work done, unless it has done so before. What tools keep
 * tells them.
 */
const BUILD = `
import { existsSync, writeFileSync } from 'node:fs';
const kept = (name) => process.env.XDG_CACHE_HOME + '/' + name;
console.log('builds in ' + process.cwd());
if (existsSync(kept('first')) && !existsSync(kept('hung'))) {
  writeFileSync(kept('hung'), '');
  writeFileSync('half', '');
  console.log('half made');
  setInterval(() => undefined, 1_000);
} else {
  writeFileSync(kept('first'), '');
  writeFileSync('made.mjs', 'export const made = "' + (existsSync('half') ? 'half' : 'whole') + '";');
}
`;

const SERVER = `
import { made } from './made.mjs';
console.log('made ' + made);
${HEALTHY_SERVER}`;

const service = (name: string, port: number) => ({
  ...{ name, files: { 'build.mjs': BUILD, 'server.mjs': SERVER } },
  entry: { root: '.', build: ['node', 'build.mjs'], buildIn: 'path', ports: { http: port } },
});

describe('runtime/real: builds below a shared root, of a run that is cancelled', () => {
  let product: TinyProduct;
  let cancelled: readonly MeshEvent[];
  let next: RealRun;

  before(async () => {
    product = await createTinyProduct([service('api', 4_000), service('web', 4_001)]);
    const cancelling = new AbortController();
    const events: MeshEvent[] = [];
    const sink = (event: MeshEvent) => {
      events.push(event);
      if (event.type === 'log' && event.text === 'half made') cancelling.abort();
    };
    await assert.rejects(rehearse(product, {}, { signal: cancelling.signal, sink }), {
      code: 'interrupted',
    });
    cancelled = events;
    next = await rehearse(product);
  });
  after(() => product.dispose());

  const builtIn = (events: readonly MeshEvent[]) =>
    eventsOf(events, 'service').flatMap((one) => (one.status === 'built' ? [one.service] : []));

  it('run in the folder of their service', () => {
    const said = eventsOf(cancelled, 'log').filter(({ text }) => text.startsWith('builds in '));
    assert.ok(said.length > 0);
    for (const { service, text } of said) assert.equal(path.basename(text), service);
  });

  it('are kept for the next run where they are whole, and begun anew where they are not', () => {
    assert.equal(next.observation.outcome, 'pass', next.observation.cause);
    const said = eventsOf(next.events, 'log').filter(({ text }) => text.startsWith('made '));
    assert.deepEqual([...new Set(said.map(({ text }) => text))], ['made whole']);
    // Elsewhere each node builds at a path of its own, and each run.
    if (next.observation.environment.isolation !== 'full') return;
    const whole = builtIn(cancelled);
    assert.equal(whole.length, 1);
    const rest = ['api', 'web'].filter((name) => !whole.includes(name));
    assert.deepEqual(builtIn(next.events), rest);
  });
});
