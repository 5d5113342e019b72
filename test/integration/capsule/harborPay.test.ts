import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { resolveEnv } from '../../../src/capsule/placeholders.ts';
import { namesReplaced } from '../../../src/capsule/serviceNames.ts';
import { readRegistry } from '../../../src/capsule/registryFile.ts';
import { sourceServices, type Command } from '../../../src/model/registry.ts';
import { createHarborPay } from '../../support/harborPay.ts';
import type { HarborPay } from '../../support/harborPay.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('harbor-pay', () => {
  let harbor: HarborPay;
  let services: ReturnType<typeof run>[];
  let url: string;

  function run(command: Command, folder: string, env: Record<string, string>) {
    assert.ok(Array.isArray(command) && command[0] === 'node');
    return execa(process.execPath, command.slice(1), {
      cwd: folder,
      env,
      extendEnv: false,
      reject: false,
    });
  }

  /** Resolves when a service has printed its first line, which says that it listens. */
  async function started(service: ReturnType<typeof run>): Promise<void> {
    const ended = service.then(({ stderr }) => assert.fail(`ended before it started: ${stderr}`));
    const [first] = (await Promise.race([once(service.stdout, 'data'), ended])) as [Buffer];
    assert.ok(first.includes('"event":"started"'));
  }

  before(async () => {
    harbor = await createHarborPay();
    const { registry } = await readRegistry(harbor.registryFile);
    const servicePorts: Record<string, { http: number }> = {};
    for (const { name } of registry.services) servicePorts[name] = { http: await freePort() };
    services = [];
    const listening: Promise<void>[] = [];
    for (const service of sourceServices(registry)) {
      const folder = path.join(harbor.folder, service.path);
      if (service.build !== undefined)
        assert.equal((await run(service.build, folder, {})).exitCode, 0);
      const values = {
        ports: servicePorts[service.name] ?? {},
        servicePorts,
        nodeId: 'n0',
        hostPath: '',
        hostHome: '',
        stateFolder: '',
        mesh: {
          address: '127.0.0.1',
          peers: () => [],
          // As on a machine that gives nodes no network of their own.
          named: namesReplaced(registry.services, servicePorts),
        },
      };
      const running = run(service.start, folder, resolveEnv(service, values));
      services.push(running);
      listening.push(started(running));
    }
    await Promise.all(listening);
    url = `http://127.0.0.1:${servicePorts.gateway?.http ?? 0}`;
  });

  after(async () => {
    for (const service of services) service.kill('SIGKILL');
    await Promise.all(services);
    await harbor.dispose();
  });

  const post = (body: unknown) =>
    fetch(`${url}/bookings`, { method: 'POST', body: JSON.stringify(body) });

  it('books a berth through all three services', async () => {
    const response = await post({ berth: 'B00001', season: 'winter', hours: 3 });
    assert.equal(response.status, 200);
    const { order } = (await response.json()) as {
      order: { cents: number; charge: { cents: number; status: string } };
    };
    assert.ok(order.cents > 0 && order.cents === order.charge.cents);
    assert.equal(order.charge.status, 'captured');
  });

  it('says what is wrong with a booking', async () => {
    assert.equal((await post({ berth: 'B99999', hours: 3 })).status, 404);
    assert.equal((await post({ berth: 'B00001', hours: -1 })).status, 400);
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
  });

  it('is healthy only while the last service behind the door is, and each stops on SIGTERM', async function () {
    if (process.platform === 'win32') this.skip();
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const [payments] = services;
    payments?.kill('SIGTERM');
    assert.equal((await payments)?.exitCode, 0);
    assert.notEqual((await fetch(`${url}/healthz`)).status, 200);
    for (const service of services.slice(1)) {
      service.kill('SIGTERM');
      assert.equal((await service).exitCode, 0);
    }
  });
});
