import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { MeshEvent } from '../../../src/model/events.ts';
import { createCommandLine, DIST, type CommandLine } from '../../support/commandLine.ts';
import { slowly, startRemoteHost, type RemoteHost } from '../../support/remoteHost.ts';
import { hasSshServer } from '../../support/sshServer.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

const suite = hasSshServer ? describe : describe.skip;
const name = hasSshServer
  ? 'mesh-sim with nodes on other hosts'
  : 'mesh-sim with nodes on other hosts (skipped: no sshd here, install openssh-server)';

suite(name, () => {
  let commands: CommandLine;
  let product: TinyRepository;
  let edge: RemoteHost;
  let capsule: string;
  before(async () => {
    commands = await createCommandLine();
    product = await createTinyRepository([healthyService()]);
    edge = await startRemoteHost(product.folder);
    capsule = (await commands.meshSim(['pack'], product.repo)).stdout.trim();
    const { host, port, options, node } = edge.spec;
    await describeHosts({ edge: { kind: 'ssh', host, port, options, node } });
  });
  after(async () => {
    await edge.stop();
    await product.dispose();
  });

  const describeHosts = (hosts: object) =>
    writeFile(path.join(product.repo, 'mesh.hosts.json'), JSON.stringify({ hosts }));
  const plan = () => ['--capsule', capsule, '--nodes', '2', '--latency', '5-10'];

  it('seals where they lived, which the verifier tells', async () => {
    const run = await commands.meshSim([...plan(), '--on', 'n1=edge'], product.repo);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stdout, /^Host +n1 on edge \(ssh, linux .*Node\.js v\d.*\), clock ±\d/m);
    const file = /^Evidence +(\S+)/m.exec(run.stdout)?.[1] ?? '';
    const verified = await commands.verifySim([file], product.repo);
    assert.match(verified.stdout, /^ *host +n1 on edge \(ssh/m);
    const judged = async (hosts: string) =>
      (await commands.verifySim([file, '--require-hosts', hosts], product.repo)).exitCode;
    assert.equal(await judged('minRemote=1,distinctHosts=2,kinds=local+ssh,platform=linux'), 0);
    assert.equal(await judged('2'), 4);
  });

  it('says which hosts it lives on, and replays a run on them alone', async () => {
    const args = [...plan(), '--on', 'n1=edge', '--json'];
    const run = await commands.meshSim(args, product.repo);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stderr, /^mesh-sim: nodes live elsewhere: n1 on edge$/m);
    const events = run.stdout.split('\n').filter(Boolean);
    const told = events.map((line) => JSON.parse(line) as Partial<MeshEvent>);
    const [home] = told.flatMap((event) => (event.type === 'host' ? [event] : []));
    const { nodeId, host, kind, os, simId = '' } = home ?? {};
    assert.deepEqual([nodeId, host, kind, os], ['n1', 'edge', 'ssh', 'linux']);

    const again = await commands.meshSim(['replay', simId], product.repo);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.match(again.stderr, /^mesh-sim: nodes live elsewhere: n1 on edge$/m);
    assert.match(again.stdout, /n1 lives on edge \(ssh, linux .*\), round trip \d+\.\d ms/);

    const file = path.join(product.folder, 'others.json');
    await writeFile(file, JSON.stringify({ hosts: { yard: { kind: 'ssh', host: 'yard' } } }));
    const refused = await commands.meshSim(['replay', simId, '--hosts', file], product.repo);
    assert.equal(refused.exitCode, 2);
    assert.match(
      refused.stderr,
      /The plan puts n1 on the host "edge", which is not described: .*others\.json has yard\.$/m,
    );
  });

  it('ends what ran there, and removes it, when this machine was killed', async () => {
    const args = [...plan(), '--spread', 'edge', '--json', '--hold'];
    const run = execa(process.execPath, [path.join(DIST, 'meshSim.cjs'), ...args], {
      ...{ cwd: product.repo, env: commands.environment, extendEnv: false },
      ...{ reject: false, buffer: false, stdin: 'ignore' },
    });
    let wasThere: string[] = [];
    for await (const line of createInterface({ input: run.stdout })) {
      if (!line.includes('"healthy"') || !line.includes('"n1"')) continue;
      wasThere = await edge.left();
      run.kill('SIGKILL');
      break;
    }
    await run;
    assert.equal(wasThere.length, 1);
    const isLeft = async () =>
      (await edge.left()).length > 0 || (await marked(wasThere[0] ?? '')).length > 0;
    // What ran here ends by itself as well, and neither waits for the other.
    while (await isLeft()) await new Promise((resolve) => setImmediate(resolve));
  });

  it('tells of each host whether nodes can live there, and removes what was left', async () => {
    const { host, port, options, node } = edge.spec;
    const file = path.join(product.folder, 'two.json');
    const there = { kind: 'ssh', host, port, options, node };
    const hosts = {
      edge: there,
      slow: { ...slowly(edge.spec, 250) },
      none: { ...there, node: '/nowhere/node' },
    };
    await writeFile(file, JSON.stringify({ hosts }));
    const ask = (...args: string[]) =>
      commands.meshSim(['hosts', ...args, '--hosts', file], product.repo);
    const both = await ask('check');
    assert.equal(both.exitCode, 1);
    assert.match(both.stdout, /^✔ edge {2}linux .*, Node\.js v\d.*, SHA256:/m);
    const carried = [...both.stdout.matchAll(/; carries ([\d.]+) Mbit\/s each way; /g)].map(
      ([, mbps]) => Number(mbps),
    );
    // 250 KB/s are 2 Mbit/s, of which ssh takes a part.
    const [fast = 0, slow = 0] = carried;
    assert.ok(slow > 0.5 && slow <= 2 && fast > 2 * slow, `${fast} and ${slow} Mbit/s`);
    assert.match(both.stdout, /^✗ none has no program "\/nowhere\/node"/m);
    const run = path.join(edge.runs, 'e5a1c8c2-0c7b-4a55-9d0e-3f1f6f0d9b11/n1');
    await mkdir(run, { recursive: true });
    const gone = { pid: 1, startedAt: -1, host: hostname() };
    await writeFile(path.join(run, 'keeper.json'), JSON.stringify(gone));
    const cleaned = await ask('clean', 'edge');
    assert.equal(cleaned.exitCode, 0, cleaned.stderr);
    assert.match(cleaned.stdout, /^ {2}removed .*\/n1$/m);
    assert.deepEqual(await edge.left(), []);
    assert.match((await ask('clean', 'edge')).stdout, /^ {2}nothing was left$/m);
    const unknown = await ask('check', 'box');
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /There is no host "box": .*two\.json has edge, slow, none\./);
  });

  it('refuses a plan whose hosts nobody described, before anything is written', async () => {
    const unknown = await commands.meshSim([...plan(), '--on', 'n1=box'], product.repo);
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /n1 on the host "box", which is not described: mesh\.hosts\.json/);
    const flag = await commands.meshSim([...plan(), '--on', 'n1'], product.repo);
    assert.equal(flag.exitCode, 2);
    assert.match(flag.stderr, /--on n1: expected node=host, such as n1=edge/);
    const file = path.join(product.folder, 'hosts.json');
    await writeFile(file, '{ "hosts": { "edge": { "kind": "ssh" } } }');
    const broken = await commands.meshSim(
      [...plan(), '--on', 'n1=edge', '--hosts', file],
      product.repo,
    );
    assert.equal(broken.exitCode, 2);
    assert.match(broken.stderr, /hosts\.json: hosts\.edge\.host is missing/);
  });
});

/** Processes of the run, by the mark in their environment. */
async function marked(simId: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.includes(`MESH_SIM_RUN=${simId}`) ? [pid] : [];
    }),
  );
  return found.flat();
}
