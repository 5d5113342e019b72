import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode, encode } from 'dns-packet';
import { findDeniedAddresses } from '../../../src/agent/guard/deniedAddresses.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

describe('agent/guard: addresses of denied names', () => {
  let folder: string;
  let server: dgram.Socket;
  let nameServer: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    server = dgram.createSocket('udp4');
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    nameServer = `127.0.0.1:${server.address().port}`;
  });
  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A name server of this test: `silent.example` gets no answer. */
  function serve(): void {
    server.on('message', (query, { port, address }) => {
      const { id, questions } = decode(query);
      const [question] = questions ?? [];
      if (question === undefined || question.name.startsWith('silent')) return;
      const { name } = question;
      const answers =
        question.type === 'A'
          ? [{ type: 'A' as const, name, data: '198.51.100.1' }]
          : [{ type: 'AAAA' as const, name, data: '2001:db8::1' }];
      const reply = { type: 'response' as const, ...(id === undefined ? {} : { id }) };
      server.send(encode({ ...reply, questions: [question], answers }), port, address);
    });
  }

  it('are found in the hosts file and of name servers, of either kind', async () => {
    serve();
    const hostsFile = path.join(folder, 'hosts');
    await writeFile(hostsFile, '198.51.100.9 a.prod.example\n127.0.0.1 own.prod.example\n');
    const deny = ['*.prod.example', 'bank.example:443', '10.0.0.0/8', 'silent.example'];
    const sources = { hostsFile, nameServers: [nameServer], patienceMs: 300 };
    assert.deepEqual(await findDeniedAddresses(deny, sources), {
      owners: {
        '198.51.100.9': 'a.prod.example',
        '198.51.100.1:443': 'bank.example',
        '[2001:db8::1]:443': 'bank.example',
      },
      unanswered: ['silent.example'],
    });
  });
});
