import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { systemProgram } from '../../../src/agent/services/program.ts';
import { descendantsOf } from '../../../src/agent/processes/processTree.ts';
import { dropsOnDevice } from '../../../src/runtime/real/deviceDrops.ts';
import type { SwitchReport } from '../../../src/runtime/real/switch/control.ts';
import { DIST } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { killProcess } from '../../support/processesInside.ts';
import { isRelay } from '../../support/relayProcess.ts';
import { mountNamespace } from '../../support/scarce.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { WiredNodes, type RelayName, type WiredNode } from '../../support/wiredNodes.ts';

const DELAY_MS = 20;
const BYTES = 300_000;

/** Takes what comes over TCP until its end, and answers with its digest. */
const SERVER = `
const { createHash } = require('node:crypto');
require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
  const hash = createHash('sha256');
  socket.on('data', (bytes) => hash.update(bytes));
  socket.on('end', () => socket.end(socket.remoteAddress + ' ' + hash.digest('hex')));
}).listen(7301, '0.0.0.0', () => console.log('up'));`;

const CLIENT = (host: string) => `
const { createHash, randomBytes } = require('node:crypto');
const bytes = randomBytes(${BYTES});
const socket = require('node:net').connect(7301, '${host}', () => socket.end(bytes));
let said = '';
socket.on('data', (text) => (said += text)).on('end', () =>
  console.log(said + ' ' + createHash('sha256').update(bytes).digest('hex')));`;

/** Sends datagrams as fast as it can, from an address that may be another's, and says how many the kernel took. */
const SENDER = (count: number, bytes: number, to: string, from = '0.0.0.0') => `
const socket = require('node:dgram').createSocket('udp4');
let [left, taken] = [${count}, 0];
socket.bind(0, '${from}', function next() {
  if (left-- === 0) return console.log(taken), socket.close();
  socket.send(Buffer.alloc(${bytes}), 9, '${to}', (error) => { if (!error) taken += 1; next(); });
});`;

const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]];

for (const relay of ['perl', 'python3'] as const satisfies readonly RelayName[]) {
  const found = process.platform === 'linux' && systemProgram(relay) !== undefined;
  (found ? describe : describe.skip)(
    `agent/box: the relay in ${relay} (needs it, and TUN devices)`,
    () => {
      let wired: WiredNodes;
      let [first, second]: WiredNode[] = [];

      before(async function () {
        const opened = await WiredNodes.open({
          plan: {
            params: { nodes: 3, latencyMs: [DELAY_MS, DELAY_MS] },
            tcp: { congestionControl: 'reno' },
          },
          relay,
        });
        if (typeof opened === 'string') {
          this.test!.title += `: ${opened}`;
          this.skip();
        }
        wired = opened;
        [first, second] = wired.nodes;
      });
      after(() => (first === undefined ? undefined : wired.close()));

      it('carries what TCP sends both ways, whole, from its own address', async () => {
        const server = second!.start(...node(SERVER));
        await once(server.stdout!, 'data');
        const [from, there, here] = (await first!.said(...node(CLIENT('n1')))).trim().split(' ');
        assert.equal(from, '10.99.0.1');
        assert.equal(there, here);
        server.kill();
        const { links } = (await wired.emulator.report()).services;
        // How many segments one acknowledgement covers is the kernel's to choose: the busier, the more.
        const least = { n0: BYTES / 1500, n1: 1 } as Record<string, number>;
        assert.deepEqual(links.map(({ from }) => from).sort(), Object.keys(least));
        for (const { from, delivered, achievedMs } of links) {
          assert.ok(delivered >= least[from]!, `${from} ${delivered}`);
          assert.ok((achievedMs?.p50 ?? 0) >= DELAY_MS);
        }
      });

      it('says which congestion control TCP has there; IPv6 and ECN are off', async () => {
        assert.equal(first!.congestionControl, 'reno');
        const settings = [
          'ipv6/conf/mesh0/disable_ipv6',
          'ipv4/tcp_ecn',
          'ipv4/tcp_congestion_control',
        ];
        const files = settings.map((setting) => `/proc/sys/net/${setting}`);
        assert.equal(await first!.said('/bin/cat', files), '1\n0\nreno\n');
      });

      it('has no privileges', () => {
        for (const pid of descendantsOf(process.pid).filter(isRelay)) {
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          if (relay === 'perl') assert.match(status, /^CapPrm:\t0+\nCapEff:\t0+$/m);
        }
      });

      it('brings packets of a stranger, or to one, no further than the switch', async () => {
        const before = (await wired.emulator.report()).services;
        // Every address is a box's own, so anybody may send from any.
        await first!.said(...node(SENDER(2, 10, '10.99.0.2', '192.0.2.7')));
        await first!.said(...node(SENDER(4, 10, '10.99.0.200')));
        const since = (name: keyof typeof before.refused, report: SwitchReport) =>
          report.services.refused[name] - before.refused[name];
        let report = await wired.emulator.report();
        while (since('foreign-source', report) < 2 || since('foreign-destination', report) < 4) {
          report = await wired.emulator.report();
        }
        assert.deepEqual(
          [since('foreign-source', report), since('foreign-destination', report)],
          [2, 4],
        );
        assert.equal(report.services.refused['not-ipv4'], 0);
      });

      it('loses no packet of a flood without a count', async () => {
        const link = ({ services }: SwitchReport) =>
          services.links.find(({ from, to }) => from === 'n1' && to === 'n2');
        const dropped = () => dropsOnDevice(second!.box.pid) ?? NaN;
        const [before, start] = [dropped(), await wired.emulator.report()];
        const { flood, jam } = start.services.refused;
        const taken = Number(await second!.said(...node(SENDER(30_000, 1_000, '10.99.0.3'))));
        for (;;) {
          const report = await wired.emulator.report();
          const { sent = 0, delivered = 0 } = link(report) ?? {};
          const { refused } = report.services;
          const counts = [sent, refused.flood - flood, dropped() - before];
          const all = counts.reduce((sum, count) => sum + count, 0);
          assert.ok(all <= taken, counts.join());
          // All entered or died before, and all that entered has arrived or found a relay that did not keep up.
          if (all === taken && delivered + refused.jam - jam === sent) break;
        }
      });

      it('says of a relay that somebody ended how it ended', async () => {
        const relays = descendantsOf(process.pid).filter(isRelay);
        assert.equal(relays.length, 3);
        for (const pid of relays) killProcess(pid);
        await Promise.all(wired.nodes.map(({ whenLost }) => whenLost));
        for (const { lost } of wired.nodes) {
          assert.equal(lost, 'the relay of its wire was ended by SIGKILL');
        }
      });
    },
  );
}

describe('agent/box: a machine that gives no wire', () => {
  const CHILD = path.join(import.meta.dirname, '../../support/lesserNode.ts');
  const HIDE = '/dev/null';
  let folder = '';

  before(async function () {
    if (process.platform !== 'linux' || mountNamespace() === undefined) {
      this.skip();
    }
    folder = await temporaryFolder();
  });
  after(() => folder && rm(folder, { recursive: true, force: true }));

  /** What a node says of its wire, in a shell that has first taken something away from it. */
  function said(limit: string, as: readonly string[] = []): string {
    const [, ...way] = ['unshare', ...(mountNamespace() ?? []), '-n'];
    // Whoever it runs as owns it.
    const own = mkdtempSync(path.join(folder, 'node-'));
    const program = [...as, process.execPath, CHILD, path.join(DIST, 'door.cjs'), own];
    const { stdout, stderr } = spawnSync(
      'unshare',
      [...way, '/bin/sh', '-c', `chmod 777 "${own}" && ${limit} && exec "$@"`, 'sh', ...program],
      { encoding: 'utf8' },
    );
    return stdout === '' ? stderr : stdout.trim();
  }

  const cases: readonly [what: string, limit: string, words: RegExp][] = [
    ['/dev/net/tun', 'mount -t tmpfs none /dev/net', /: this machine has no \/dev\/net\/tun \(/],
    [
      'perl and python3',
      ['perl', 'python3']
        .flatMap((name) => systemProgram(name) ?? [])
        .map((file) => `mount --bind ${HIDE} ${file}`)
        .join(' && '),
      /: it takes perl or python3, of which this machine has neither$/,
    ],
    [
      'addresses of its own',
      'ip link set lo up && ip route add 10.99.0.128/25 dev lo',
      /This machine has a way to 10\.99\.0\.0\/24 of its own \(lo\)/,
    ],
  ];
  for (const [what, limit, words] of cases) {
    // Before it asks who would carry packets, it opens the device.
    const opens = what === '/dev/net/tun' || wireHindrance() === undefined;
    (opens ? it : it.skip)(`says so in one sentence: ${what}`, () => {
      assert.match(said(limit), words);
    });
  }

  it('says so in one sentence: a device that this user may not open', function () {
    if (process.getuid?.() !== 0) this.skip();
    const closed = 'mount -t tmpfs none /dev/net && mknod -m 600 /dev/net/tun c 10 200';
    const user = ['setpriv', '--reuid=61803', '--regid=61803', '--clear-groups'];
    const text = said(`chmod 755 "${folder}" && ${closed}`, user);
    // An ordinary user may have no namespaces here at all, which is said in another way.
    assert.match(text, /may not open \/dev\/net\/tun \(let everybody|^unshare ended/);
  });

  it('goes on in a container that leaves it no capabilities, or says why it cannot', function () {
    if (process.getuid?.() !== 0) this.skip();
    const bare = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
    assert.match(said('true', bare), /^(full|network): |^unshare ended: /);
  });
});
