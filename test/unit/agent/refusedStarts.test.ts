import assert from 'node:assert/strict';
import net from 'node:net';
import { connectToLoopback, probeOnce } from '../../../src/agent/services/probe.ts';
import { ServiceProcess } from '../../../src/agent/services/serviceProcess.ts';
import { systemCode } from '../../../src/base/errors.ts';
import type { AskedHealth } from '../../../src/model/registry.ts';
import { Redactor } from '../../../src/vault/redactor.ts';

const NEVER = new AbortController().signal;
const TIMES = { intervalMs: 20, timeoutMs: 5_000, deadlineMs: 5_000 };
const TCP: AskedHealth = { tcp: { port: 'http' }, ...TIMES };
const COMMAND: AskedHealth = { command: ['true'], ...TIMES };

function probe(health: AskedHealth, answer: () => Promise<never>): Promise<string | null> {
  const ports = { http: 1 };
  return probeOnce({ health, ports, connect: answer, run: answer }, NEVER);
}

function refusal(code: string, syscall: string) {
  return () => Promise.reject(Object.assign(new Error(`${syscall} ${code}`), { code, syscall }));
}

describe('what the machine refuses a service', () => {
  it('is handed on as the cause of a process that could not be started', async () => {
    const { exited } = new ServiceProcess({
      service: { name: 'web' },
      command: [process.execPath, '-e', '0'],
      folder: '/nowhere',
      env: {},
      hostPath: '/usr/bin:/bin',
      hiddenPath: '',
      box: undefined,
      redactor: new Redactor(new Map()),
      processes: { ownerOf: (owner) => owner, started: () => undefined },
      onLine: () => undefined,
    });
    const { code, words, cause } = await exited;
    assert.equal(code, null);
    assert.match(words, /^could not be started: /);
    assert.equal(systemCode(cause), 'ENOENT');
  });

  it('is no finding of a health check', async () => {
    await assert.rejects(probe(COMMAND, refusal('EAGAIN', 'spawn true')), { code: 'EAGAIN' });
    await assert.rejects(probe(TCP, refusal('EMFILE', 'connect')), { code: 'EMFILE' });
  });

  it('is not what a closed port is', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const target = { health: TCP, ports: { http: port }, connect: connectToLoopback };
    const seen = await probeOnce({ ...target, run: () => Promise.resolve(0) }, NEVER);
    assert.match(seen ?? '', /ECONNREFUSED/);
  });
});
