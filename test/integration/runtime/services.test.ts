import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import {
  createTinyProduct,
  HEALTHY_SERVER,
  healthyService,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { eventsOf, ON_HOST, rehearse, type RealRun } from '../../support/realRun.ts';

describe('runtime/real: services that go wrong', () => {
  const products: TinyProduct[] = [];
  afterEach(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  async function run(service: TinyService, overrides: Parameters<typeof rehearse>[2] = {}) {
    const product = await createTinyProduct([service]);
    products.push(product);
    return rehearse(product, {}, overrides);
  }

  function serverWith(code: string): Record<string, string> {
    return { 'server.mjs': code };
  }

  /** Which of two nodes it runs on, for a service that goes wrong in a way of its own on each. */
  const env = { PORT: '${port:http}', NODE: '${node.id}' };
  function onEach(first: string, second: string): Record<string, string> {
    return {
      ...serverWith(`await import('./' + process.env.NODE + '.mjs');`),
      'n0.mjs': first,
      'n1.mjs': second,
    };
  }

  /** What was said of a node in the end. */
  function endOf({ observation }: RealRun, node: string): string {
    const report = observation.nodeReports.find(({ nodeId }) => nodeId === node);
    return report?.phases.at(-1)?.details ?? '';
  }

  it('names service, node, exit code and error of one that exits early, and what the probe saw of one that never gets healthy', async () => {
    const sick = HEALTHY_SERVER.replace(
      `response.end('ok')`,
      `(response.statusCode = 503, response.end())`,
    );
    const files = onEach(`throw new Error('no database');`, sick);
    const health = { http: { port: 'http' }, intervalMs: 20, timeoutMs: 2000, deadlineMs: 5000 };
    const ran = await run({ name: 'web', files, entry: { health, env } });
    const { outcome, cause } = ran.observation;
    const early =
      /"web" on n0 exited with code 1 before it was healthy\. It said: Error: no database$/;
    assert.equal(outcome, 'fail');
    assert.match(cause ?? '', early);
    assert.match(endOf(ran, 'n0'), early);
    assert.match(endOf(ran, 'n1'), /"web" on n1 was not healthy within 5000 ms: .*503/);
  });

  it('believes no command that passes before the program has done its first work', async () => {
    const code = `const until = performance.now() + 500; while (performance.now() < until);
      throw new Error('no database');`;
    const health = { command: ['true'] };
    const service = { name: 'web', files: serverWith(code), entry: { health } };
    const { observation } = await run(service, ON_HOST);
    assert.equal(observation.outcome, 'fail');
    assert.match(
      observation.cause ?? '',
      /"web" on n\d exited with code 1 before it was healthy\./,
    );
  });

  it('bounds a flood of log lines, says how many were left out, and still gets READY', async () => {
    const code = `console.log('ENV ' + JSON.stringify(process.env));${HEALTHY_SERVER}
      for (let i = 0; i < 50000; i += 1) process.stdout.write('line ' + i + ' of a flood\\n');
      process.stdout.write('x'.repeat(100000) + '\\n');`;
    const { observation, events } = await run(
      { name: 'web', files: serverWith(code), entry: { env, secrets: ['TOKEN'] } },
      { ...ON_HOST, secrets: new Map([['TOKEN', 't0ps3cret']]) },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    const lines = eventsOf(events, 'log').filter(({ nodeId }) => nodeId === 'n1');
    assert.ok(lines.length < 2_000, `${lines.length} log events`);
    assert.ok(lines.some(({ text }) => /… \d+ lines left out/.test(text)));
    assert.ok(lines.every(({ text }) => text.length < 5_000));

    // It has the env of the snapshot, its secrets, the mark of its run, and nothing else.
    const line = lines.find(({ text }) => text.startsWith('ENV '));
    const seen = JSON.parse(line?.text.slice(4) ?? '{}') as Record<string, string>;
    assert.deepEqual(Object.keys(seen).sort(), ['MESH_SIM_RUN', 'NODE', 'PORT', 'TOKEN']);
    assert.equal(seen.NODE, 'n1');
  });

  it('fails one that listens nowhere, and one that finds its own port taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as net.AddressInfo;
    const files = onEach(
      `setInterval(() => undefined, 1000);`,
      HEALTHY_SERVER.replace('Number(process.env.PORT)', String(port)),
    );
    const health = { tcp: { port: 'http' }, intervalMs: 100, timeoutMs: 500, deadlineMs: 5_000 };
    // Where ports are those of every program of the machine.
    const ran = await run({ name: 'web', files, entry: { health, env } }, ON_HOST);
    other.close();
    assert.equal(ran.observation.outcome, 'fail');
    assert.match(endOf(ran, 'n0'), /was not healthy within 5000 ms: .*ECONNREFUSED/);
    assert.match(endOf(ran, 'n1'), /"web" on n1 exited with code 1/);
  });

  it('fails the node when a service dies after it was READY', async () => {
    // n0 listens only once n1's service, probed at least once, has left its marker and died.
    const marker = path.join(await temporaryFolder(), 'died');
    const code = `
      import { existsSync, writeFileSync } from 'node:fs';
      import { createServer } from 'node:http';
      const isFirst = process.env.NODE === 'n0';
      const listen = () => createServer((_, response) => {
        response.end('ok');
        if (!isFirst) setTimeout(() => { writeFileSync(process.env.MARKER, ''); process.exit(9); }, 50);
      }).listen(Number(process.env.PORT), '127.0.0.1');
      if (!isFirst) listen();
      else setInterval(function poll() {
        if (existsSync(process.env.MARKER)) { clearInterval(this); listen(); }
      }, 20);`;
    const env = { PORT: '${port:http}', NODE: '${node.id}', MARKER: marker };
    const service = { name: 'web', files: serverWith(code), entry: { env } };
    const { observation } = await run(service, ON_HOST);
    await rm(path.dirname(marker), { recursive: true });
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /"web" on n1 exited with code 9 after it was healthy/);
  });

  it('asks every service for its health again after the last fault, and compares its signed files after it stopped', async () => {
    const isWell = `process.env.NODE !== 'n1' || (asked += 1) <= 1`;
    const answer = `(response.statusCode = ${isWell} ? 200 : 500, response.end())`;
    const change = `(process.env.NODE === 'n0' && writeFileSync('kept.txt', 'other'), process.exit(0))`;
    const code = `import { writeFileSync } from 'node:fs';
      let asked = 0;
      ${HEALTHY_SERVER.replace(`response.end('ok')`, answer).replace('process.exit(0)', change)}`;
    const health = { http: { port: 'http' }, intervalMs: 20, timeoutMs: 2_000, deadlineMs: 20_000 };
    const files = { ...serverWith(code), 'kept.txt': 'signed', 'b.txt': 'b' };
    const { observation } = await run({ name: 'web', files, entry: { health, env } });
    assert.equal(observation.outcome, 'fail');
    assert.match(
      observation.cause ?? '',
      /"web" on n1 was healthy before, but not at the end, asked for 10000 ms: .*500/,
    );
    const named = (wanted: string) => observation.invariants.find(({ name }) => name === wanted);
    assert.equal(named('converged')?.observed, 'violated');
    const signed = named('runs-signed-content');
    assert.equal(signed?.observed, 'violated');
    assert.match(signed.details, /"web" were changed on n0 while it ran: kept\.txt\./);
  });

  it('refuses to begin when a secret is missing', async () => {
    const service = { ...healthyService('web', { secrets: ['TOKEN'] }) };
    await assert.rejects(run(service), { code: 'secret-missing' });
  });

  it('replaces placeholders in commands, and keeps the state folder over a restart of the node', async () => {
    const code = `import { appendFileSync, readFileSync } from 'node:fs';
      const [port, file] = process.argv.slice(2);
      appendFileSync(file, 'x');
      console.log('lives ' + readFileSync(file, 'utf8').length);
      process.env.PORT = port;${HEALTHY_SERVER}`;
    const entry = { env: {}, start: ['node', 'server.mjs', '${port:http}', '${state}/lives'] };
    const kill = { kill: 'n1', restartAfterMs: 50 } as const;
    // The kill comes when the last service is started: by then the one it depends on has written.
    const product = await createTinyProduct([
      { name: 'web', files: serverWith(code), entry },
      healthyService('later', { dependsOn: ['web'] }),
    ]);
    products.push(product);
    const { observation, events } = await rehearse(product, {
      chaos: { faults: [{ when: { node: 'n1', phase: 'healthy' }, do: kill }] },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const lives = eventsOf(events, 'log')
      .filter(({ nodeId, text }) => nodeId === 'n1' && text.startsWith('lives'))
      .map(({ text }) => text);
    assert.deepEqual(lives, ['lives 1', 'lives 2']);

    // When it asked for health, after the last fault, and how many services passed.
    const told = observation.invariants.find(({ name }) => name === 'converged')?.details ?? '';
    const [, services, from] = /their (\d+) services .* from (\d+) to \d+ ms/.exec(told) ?? [];
    assert.equal(Number(services), 4, told);
    const restarted =
      Date.parse(observation.faults[0]?.endedAt ?? '') - Date.parse(observation.startedAt);
    assert.ok(Number(from) >= restarted - 1, `${told} The restart was at ${restarted} ms.`);
  });

  it('lets a server drain when it is stopped, whatever it was started by', async () => {
    const draining = `
    import { writeSync } from 'node:fs';
    import { createServer } from 'node:http';
    createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
    process.on('SIGTERM', () => setTimeout(() => { writeSync(1, 'drained\\n'); process.exit(0); }, 300));`;
    const starts = {
      list: ['node', 'server.mjs'],
      'shell-of-several': 'echo hi && node server.mjs',
      'runner-that-waits': "trap '' TERM; node -e 1; node server.mjs; echo over",
    };
    const product = await createTinyProduct(
      Object.entries(starts).map(([name, start], index) => ({
        name,
        files: serverWith(draining),
        entry: {
          start,
          env: { PORT: '${port:http}', PATH: '${host.path}' },
          ports: { http: 4_000 + index },
        },
      })),
    );
    products.push(product);
    const { observation, events } = await rehearse(product);
    assert.equal(observation.outcome, 'pass', observation.cause);
    for (const name of Object.keys(starts)) {
      const own = events.filter((event) => 'service' in event && event.service === name);
      const log = own.findIndex((event) => event.type === 'log' && event.text === 'drained');
      const stopped = own.findIndex((one) => one.type === 'service' && one.status === 'stopped');
      assert.ok(log >= 0 && log < stopped, `${name} drained: ${log}, stopped: ${stopped}`);
    }
  });
});
