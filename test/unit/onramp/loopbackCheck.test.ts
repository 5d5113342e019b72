import assert from 'node:assert/strict';
import { registrySchema } from '../../../src/model/registry.ts';
import { registryChecks } from '../../../src/onramp/doctor/registryChecks.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';

/** What the doctor finds of one service with a port. */
function found(service: object, files: Record<string, string> = {}) {
  const health = { tcp: { port: 'http' } };
  const entry = { name: 'api', path: 'api', start: ['x'], ports: { http: 8000 }, health };
  const registry = registrySchema.parse({ name: 'shop', services: [{ ...entry, ...service }] });
  return registryChecks(memoryProduct({ files }, 'shop'), registry, () => true).filter(
    ({ state }) => state === 'warn',
  );
}

const placeOf = (...given: Parameters<typeof found>) =>
  /\((.*)\)/.exec(found(...given)[0]?.found ?? '')?.[1];

describe('doctor: services that only their own node would reach', () => {
  it('are named with where that is said, and what to do', () => {
    assert.deepEqual(found({ start: ['uvicorn', 'app:app', '--host', '127.0.0.1'] }), [
      {
        ...{ about: 'api', state: 'warn' },
        found:
          'it seems to listen on loopback only (start: --host 127.0.0.1), where no other node reaches it',
        remedy: 'have it listen on 0.0.0.0',
      },
    ]);
  });

  it('are told so by an option, a variable, or their code', () => {
    for (const start of [
      'gunicorn -b 127.0.0.1:8000 app:app',
      ['vite', 'preview', '--host=localhost'],
      'python manage.py runserver 127.0.0.1:${port:http}',
    ]) {
      assert.match(placeOf({ start }) ?? '', /^start: /, JSON.stringify(start));
    }
    assert.equal(placeOf({ env: { HOST: 'localhost' } }), 'env: HOST=localhost');
    for (const [file, line] of Object.entries({
      'api/server.js': "server.listen(process.env.PORT, '127.0.0.1', () => {});",
      'api/app.mjs': "await app.listen({ port: 8000, host: 'localhost' });",
      'api/main.py': 'uvicorn.run(app, host="127.0.0.1", port=8000)',
      'api/serve.py': "HTTPServer(('localhost', 8000), Handler).serve_forever()",
      'api/main.go': 'http.ListenAndServe("127.0.0.1:8000", nil)',
      'api/net.go': 'net.Listen("tcp", "localhost:8000")',
    })) {
      assert.match(placeOf({}, { [file]: `\n${line}\n` }) ?? '', new RegExp(`^${file}:2: `), line);
    }
  });

  it('are not those that listen everywhere, call loopback, or have no port', () => {
    assert.deepEqual(found({ start: ['uvicorn', 'app:app', '--host', '0.0.0.0'] }), []);
    assert.deepEqual(found({ env: { DB_HOST: '127.0.0.1', REDIS_URL: 'redis://localhost' } }), []);
    assert.deepEqual(found({}, { 'api/a.js': "connect(6379, '127.0.0.1'); server.listen(1)" }), []);
    assert.deepEqual(found({}, { 'api/test/a.js': "server.listen(0, '127.0.0.1')" }), []);
    const worker = { ports: {}, health: { command: 'true' }, start: 'x --host 127.0.0.1' };
    assert.deepEqual(found(worker), []);
  });
});
