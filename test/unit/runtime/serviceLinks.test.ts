import assert from 'node:assert/strict';
import { MeshSimError } from '../../../src/base/errors.ts';
import { registrySchema } from '../../../src/model/registry.ts';
import { linkAddress, type LinkTarget } from '../../../src/model/serviceLink.ts';
import { ServiceLinks } from '../../../src/runtime/real/serviceLinks.ts';
import type { AgentCommand } from '../../../src/wire/control.ts';

const { services } = registrySchema.parse({
  name: 'shop',
  services: [
    {
      name: 'web',
      path: '.',
      start: 'x',
      ports: { http: 80 },
      health: { http: { port: 'http' } },
    },
    { name: 'db', path: '.', start: 'x', ports: { client: 6379 }, health: { command: 'x' } },
  ],
});

const WEB: LinkTarget = { service: 'web', port: 'http', nodeId: 'n1' };

function world(placement?: Record<string, string[]>, hosts?: Record<string, string>) {
  const params = { nodes: 3, latencyMs: [1, 1] as [number, number], packetLoss: 0 };
  const plan = { params: { ...params, verifySignatures: true }, placement, hosts };
  const links = new ServiceLinks(plan, services);
  const asked: (AgentCommand & { node: number })[] = [];
  const brought: number[][] = [];
  links.connect(
    (node, command) => asked.push({ ...command, node }),
    (node, there, at) => {
      brought.push([node, there, at]);
      return at === 81 ? Promise.reject(new Error('it is taken')) : Promise.resolve(at || 4711);
    },
  );
  const told: string[] = [];
  links.listen({
    onOpened: ({ service, nodeId }, address) => told.push(`${service} ${nodeId} ${address}`),
    onRefused: ({ service, nodeId }, why) => told.push(`${service} ${nodeId}: ${why}`),
  });
  /** The agent answers what it was asked last. */
  const answer = (result: { at?: number; problem?: string }) => {
    const last = asked.at(-1);
    if (last?.type !== 'open-port') throw new Error('nothing was asked');
    links.onOpened(last.node, { type: 'port-opened', id: last.id, ...result });
  };
  return { links, asked, told, answer, brought };
}

describe('links to services of a run', () => {
  it('are opened as soon as their service is healthy, and not before', () => {
    const { links, asked, told, answer } = world();
    links.want(WEB);
    links.onService(1, 'web', 'starting');
    links.onService(0, 'web', 'healthy');
    assert.deepEqual(asked, []);
    links.onService(1, 'web', 'healthy');
    assert.deepEqual(
      asked.map(({ node, type }) => [node, type]),
      [[1, 'open-port']],
    );
    answer({ at: 40_001 });
    assert.deepEqual(told, ['web n1 http://127.0.0.1:40001/']);
  });

  it('come back at the same port when their node does', () => {
    const { links, asked, answer } = world();
    links.want(WEB);
    links.onService(1, 'web', 'healthy');
    answer({ at: 40_001 });
    links.onGone(1);
    assert.equal(links.list().find(({ nodeId }) => nodeId === 'n1')?.address, undefined);
    links.onService(1, 'web', 'healthy');
    const [, again] = asked;
    assert.equal(again?.type === 'open-port' && again.at, 40_001);
  });

  it('are not asked for twice where a service comes back and its node did not go', () => {
    const { links, asked, answer } = world();
    links.want(WEB);
    links.onService(1, 'web', 'healthy');
    answer({ at: 40_001 });
    links.onService(1, 'web', 'exited');
    links.onService(1, 'web', 'healthy');
    assert.equal(asked.length, 1);
  });

  it('lead from this machine to a node on another host, at a port of its own, and to where it is when it is back', async () => {
    const { links, asked, told, answer, brought } = world(undefined, { n1: 'edge' });
    const life = async (there: number) => {
      links.onService(1, 'web', 'healthy');
      answer({ at: there });
      await new Promise(setImmediate);
    };
    links.want(WEB);
    await life(40_001);
    links.onGone(1);
    await life(40_002);
    assert.deepEqual(
      asked.map((one) => one.type === 'open-port' && one.at),
      [0, 0],
    );
    assert.deepEqual(brought, [
      [1, 40_001, 0],
      [1, 40_002, 4711],
    ]);
    const opened = 'web n1 http://127.0.0.1:4711/';
    assert.deepEqual(told, [opened, opened]);
    links.onGone(1);
    links.want(WEB, 81);
    await life(40_003);
    assert.equal(told.at(-1), 'web n1: it is taken');
  });

  it('are listed with whether their service is healthy, and where they were opened', () => {
    const { links } = world({ db: ['n2'] });
    links.onService(2, 'db', 'healthy');
    assert.deepEqual(
      links.list().map(({ service, nodeId, isUp }) => `${service} ${nodeId} ${isUp}`),
      ['web n0 false', 'web n1 false', 'web n2 false', 'db n2 true'],
    );
  });

  it('say why they are not opened now', async () => {
    const { links, answer } = world();
    const refuses = (says: RegExp) =>
      assert.rejects(links.open(WEB), (error) => {
        assert.ok(error instanceof MeshSimError && error.code === 'service-failed');
        assert.match(error.message, says);
        return true;
      });
    await refuses(/^web\.http@n1 cannot be opened: web is not healthy on n1 at present\.$/);
    links.onService(1, 'web', 'healthy');
    const taken = refuses(/EADDRINUSE/);
    answer({ problem: 'listen EADDRINUSE' });
    await taken;
    const gone = refuses(/n1 went down/);
    links.onGone(1);
    await gone;
  });

  it('of what a run does not have are refused, each with what it has', () => {
    const { links } = world({ db: ['n2'] });
    const cases: [Partial<LinkTarget>, RegExp][] = [
      [{ service: 'shop' }, /the Capsule has no service "shop", but web, db\./],
      [{ port: 'grpc' }, /web has no port "grpc" in the registry, but http\./],
      [{ nodeId: 'n3' }, /the run has no node n3, but n0 to n2\./],
      [{ service: 'db', port: 'client' }, /the plan places db on n2 only\./],
    ];
    for (const [change, says] of cases) {
      assert.throws(() => links.want({ ...WEB, ...change }), says);
    }
  });

  it('are for a browser where the port speaks HTTP', () => {
    const [web, db] = services.map(({ health }) => health);
    assert.equal(linkAddress(web!, 'http', 1), 'http://127.0.0.1:1/');
    assert.equal(linkAddress(db!, 'https', 1), 'https://127.0.0.1:1/');
    assert.equal(linkAddress(db!, 'client', 1), '127.0.0.1:1');
  });
});
