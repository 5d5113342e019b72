import assert from 'node:assert/strict';
import { openPorts } from '../../../src/agent/box/openPorts.ts';

const NOTHING = { envs: [], patterns: [], further: [], own: [] };

describe('agent/box: ports at which hosts outside can be reached', () => {
  it('are those of the web and of databases anyway', () => {
    const ports = openPorts(NOTHING);
    for (const port of [22, 80, 443, 5432, 6379]) assert.ok(ports.includes(port), `${port}`);
  });

  const named: [what: string, env: Record<string, string>, port: number][] = [
    ['in an address', { API: 'https://api.example:8443/v1' }, 8443],
    ['in a list', { PEERS: 'a.example:7001,b.example:7002' }, 7002],
    ['beside a host', { DB_HOST: 'db.example', DB_PORT: '15432' }, 15432],
  ];
  for (const [what, env, port] of named) {
    it(`are those that env names ${what}`, () => {
      assert.ok(openPorts({ ...NOTHING, envs: [env] }).includes(port));
    });
  }

  it('are not numbers that are no ports of hosts', () => {
    const envs = [{ RETRIES: '7', METRICS_PORT: '9100', BIG_HOST: 'a', BIG_PORT: '70000' }];
    const ports = openPorts({ ...NOTHING, envs });
    for (const port of [7, 9100, 70000]) assert.ok(!ports.includes(port), `${port}`);
  });

  it('are those of patterns, so that an attempt is seen, and those somebody asked for', () => {
    const patterns = ['bank.example:7443', '[2001:db8::5]:7445', '10.20.0.0/16:7446', 'prod-*'];
    const ports = openPorts({ ...NOTHING, patterns, further: [7444] });
    for (const port of [7443, 7444, 7445, 7446]) assert.ok(ports.includes(port), `${port}`);
  });

  it("are never those of the node's own services", () => {
    const envs = [{ CATALOG: 'http://127.0.0.1:20001' }];
    assert.ok(!openPorts({ ...NOTHING, envs, own: [20001, 80] }).includes(20001));
    assert.ok(!openPorts({ ...NOTHING, envs, own: [20001, 80] }).includes(80));
  });
});
