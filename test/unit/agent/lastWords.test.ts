import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { howEnded } from '../../../src/agent/services/endWithin.ts';
import { ServiceProcess } from '../../../src/agent/services/serviceProcess.ts';
import { Redactor } from '../../../src/vault/redactor.ts';

describe('agent/services: what a program said last', () => {
  it('is kept of one that asked, on a terminal that is not there, and was ended while it waited', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const asks = `process.stdout.write('Proceed? [y/N] ', () => require('net').connect(${port}));`;
    const asking = once(server, 'connection') as Promise<[net.Socket]>;
    const program = new ServiceProcess({
      service: { name: 'web' },
      command: [process.execPath, '-e', asks],
      folder: process.cwd(),
      env: {},
      hostPath: '/usr/bin:/bin',
      hiddenPath: '',
      box: undefined,
      redactor: new Redactor(new Map()),
      processes: { ownerOf: (owner) => owner, started: () => undefined },
      onLine: () => undefined,
    });
    const [socket] = await asking;
    socket.on('error', () => undefined);
    process.kill(program.pid ?? 0, 'SIGKILL');
    const { errorLine } = await program.exited;
    server.close();
    assert.equal(errorLine, 'Proceed? [y/N]');
  });

  it('ends the sentence about a build, with its deadline where it was ended at that', () => {
    const exit = { words: 'was ended by SIGKILL', errorLine: 'Proceed? [y/N]' };
    assert.equal(
      howEnded(exit, 500, 'buildDeadlineMs'),
      'was not done within 500 ms, its deadline (buildDeadlineMs). It said: Proceed? [y/N]',
    );
    assert.equal(
      howEnded({ words: 'exited with code 4', errorLine: '' }, undefined, 'buildDeadlineMs'),
      'exited with code 4. It said nothing.',
    );
  });
});
