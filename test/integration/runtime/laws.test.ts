import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'mocha';
import { systemProgram } from '../../../src/agent/services/program.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import type { LinkSettings } from '../../../src/model/topology.ts';
import { WiredNodes, type WiredNode } from '../../support/wiredNodes.ts';

/** One-way delays of the three links, ms: n0–n1, n0–n2, n1–n2. */
const NEAR_MS = 10;
const FAR_MS = 50;
const FARTHER_MS = 40;
const TIMES = 15;

/** A leader commits when the nearer of the others has answered: from n0, n1 or n2. */
const MAJORITY_RTT_MS = [2 * NEAR_MS, 2 * NEAR_MS, 2 * FARTHER_MS];

const links = (
  [
    [0, 1, NEAR_MS],
    [0, 2, FAR_MS],
    [1, 2, FARTHER_MS],
  ] as const
).flatMap(([from, to, ms]) => {
  const delay: LinkSettings['delay'] = { kind: 'constant', ms };
  const [one, other] = [nodeIdOf(from), nodeIdOf(to)];
  return [
    { from: one, to: other, delay },
    { from: other, to: one, delay },
  ];
});

const CLIENT_PORT = 2379;
const REDIS_PORT = 6379;

/** The least of several times, ms: a busy machine makes single ones long, and nothing makes one shorter than the wire does. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < TIMES; time += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** Three nodes on links of different length, with whatever programs were started in them. */
class Cluster {
  readonly wired: WiredNodes;
  /** The first program that ended, if any, and how. */
  ended: string | undefined;

  constructor(wired: WiredNodes) {
    this.wired = wired;
  }

  get nodes(): readonly WiredNode[] {
    return this.wired.nodes;
  }

  start(node: WiredNode, file: string, args: readonly string[]): void {
    const program = node.start(file, args);
    let said = '';
    for (const output of [program.stdout, program.stderr]) {
      output?.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-500)));
    }
    program.once('exit', (code) => {
      this.ended ??= `${file} on ${nodeIdOf(node.index)} ended with ${String(code)}: ${said}`;
    });
  }

  /** Cuts `away` off from the others, both ways, or heals that. */
  cut(away: number): void {
    const to = [0, 1, 2].filter((index) => index !== away);
    this.wired.emulator.send({ type: 'partition', fault: 0, from: [away], to, oneWay: false });
  }

  heal(): void {
    this.wired.emulator.send({ type: 'heal', fault: 0 });
  }
}

/** What is asked again and again until it is answered with something. */
async function eventually<T>(cluster: Cluster, ask: () => Promise<T | undefined>): Promise<T> {
  while (cluster.ended === undefined) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(cluster.ended);
}

function lawsOf(
  programs: readonly string[],
  tests: (cluster: () => Cluster, files: Record<string, string>) => void,
): void {
  const files = Object.fromEntries(
    programs.flatMap((name) => {
      const file = systemProgram(name);
      return file === undefined ? [] : [[name, file]];
    }),
  );
  const areThere = process.platform === 'linux' && programs.every((name) => name in files);
  const suite = areThere ? describe : describe.skip;
  suite(`the wire, by the laws of ${programs.join(' and ')} (needs them, and TUN devices)`, () => {
    let cluster: Cluster | undefined;
    before(async function () {
      this.timeout(120_000);
      const wired = await WiredNodes.open({
        plan: { params: { nodes: 3 }, topology: { kind: 'custom', links } },
      });
      if (typeof wired === 'string') {
        this.test!.title += `: ${wired}`;
        this.skip();
      }
      cluster = new Cluster(wired);
    });
    after(() => cluster?.wired.close());
    tests(() => cluster!, files);
  });
}

/** A request to a server in the box of a node: from outside, over the door, and so not over the wire. */
async function post(node: WiredNode, path: string, body: object): Promise<unknown> {
  const socket = await node.box.doorway.connect(CLIENT_PORT);
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request({ method: 'POST', path, createConnection: () => socket }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (part: string) => (said += part));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(said));
        else reject(new Error(said));
      });
    });
    asked.on('error', reject).end(text);
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

lawsOf(['etcd'], (cluster, { etcd = '' }) => {
  const url = (host: string, port: number) => `http://${host}:${port}`;

  interface Status {
    readonly leader?: string;
    readonly header: { readonly member_id: string };
  }

  const statusOf = async (node: WiredNode) =>
    (await post(node, '/v3/maintenance/status', {})) as Status;

  const leader = (among: readonly WiredNode[]): Promise<WiredNode> =>
    eventually(cluster(), async () => {
      for (const node of among) {
        const { leader: known, header } = await statusOf(node);
        if (known === header.member_id) return node;
      }
      return undefined;
    });

  const put = (node: WiredNode, value: string) =>
    post(node, '/v3/kv/put', { key: base64('key'), value: base64(value) });

  async function valueAt(node: WiredNode): Promise<string> {
    const found = (await post(node, '/v3/kv/range', { key: base64('key') })) as {
      readonly kvs?: { readonly value: string }[];
    };
    return Buffer.from(found.kvs?.[0]?.value ?? '', 'base64').toString();
  }

  before(async () => {
    const { nodes } = cluster();
    const peers = nodes.map(({ index, address }) => `${nodeIdOf(index)}=${url(address, 2380)}`);
    for (const node of nodes) {
      const [id, peer] = [nodeIdOf(node.index), url(node.address, 2380)];
      const options = {
        ...{ name: id, 'data-dir': `${node.pathInside(node.folder)}/etcd` },
        ...{ 'listen-peer-urls': peer, 'initial-advertise-peer-urls': peer },
        'listen-client-urls': url('127.0.0.1', CLIENT_PORT),
        'advertise-client-urls': url('127.0.0.1', CLIENT_PORT),
        ...{ 'initial-cluster': peers.join(), 'heartbeat-interval': 100, 'election-timeout': 1000 },
        ...{ 'unsafe-no-fsync': true, 'log-level': 'error' },
      };
      const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
      cluster().start(node, etcd, flags);
    }
    await leader(nodes);
  });

  it('commits once a majority has answered, wherever its leader is', async () => {
    const { nodes } = cluster();
    const took: number[] = [];
    for (const node of nodes) {
      const { header } = await statusOf(node);
      await eventually(cluster(), async () => {
        const current = await leader(nodes);
        if (current === node) return true;
        await post(current, '/v3/maintenance/transfer-leadership', { targetID: header.member_id });
        return undefined;
      });
      took.push(await quickest(() => put(node, 'some')));
    }
    for (const [index, ms] of took.entries()) {
      assert.ok(ms >= (MAJORITY_RTT_MS[index] ?? 0), `n${index} took ${ms} ms`);
    }
    // From n0, the way to everybody takes 100 ms.
    assert.ok((took[0] ?? Infinity) < 2 * FAR_MS, `${took.join(', ')} ms`);
  });

  it('lets a leader that is cut off write nothing, while the others elect another and write', async () => {
    const { nodes } = cluster();
    const old = await leader(nodes);
    const others = nodes.filter((node) => node !== old);
    cluster().cut(old.index);
    const refused = put(old, 'lost').then(
      () => 'written',
      (error: unknown) => String(error),
    );
    const next = await leader(others);
    await eventually(cluster(), () => put(next, 'kept'));
    assert.match(await refused, /timed out|no leader|leader changed/i);
    cluster().heal();
    assert.equal(
      await eventually(cluster(), async () => (await valueAt(old)) || undefined),
      'kept',
    );
  });
});

lawsOf(['redis-server'], (cluster, { 'redis-server': redis = '' }) => {
  /** Commands of one connection, in turn, each answered with one line. */
  async function lines(node: WiredNode, ...commands: string[]): Promise<string[]> {
    const socket = await node.box.doorway.connect(REDIS_PORT);
    const found: string[] = [];
    socket.on('error', () => undefined);
    const reader = createInterface({ input: socket });
    socket.write(`${commands.join('\r\n')}\r\n`);
    for await (const line of reader) {
      found.push(line);
      if (found.length === commands.length) break;
    }
    socket.destroy();
    return found;
  }

  before(async () => {
    const { nodes } = cluster();
    for (const node of nodes) {
      cluster().start(node, redis, [
        ...['--port', String(REDIS_PORT), '--dir', node.pathInside(node.folder)],
        ...['--save', '', '--protected-mode', 'no', '--repl-diskless-sync-delay', '0'],
        ...(node.index === 0 ? [] : ['--replicaof', nodes[0]?.address ?? '', String(REDIS_PORT)]),
      ]);
    }
    await eventually(cluster(), async () => {
      const [, answered] = await lines(nodes[0]!, 'SET key some', 'WAIT 2 1000');
      return answered === ':2' ? true : undefined;
    });
  });

  it('waits for one replica as long as the nearest takes, and for two as long as the farthest', async () => {
    const waits = (replicas: number) =>
      quickest(async () => {
        const [, answered = ''] = await lines(
          cluster().nodes[0]!,
          'SET key other',
          `WAIT ${replicas} 10000`,
        );
        assert.ok(Number(answered.slice(1)) >= replicas, answered);
      });
    const [one, two] = [await waits(1), await waits(2)];
    assert.ok(one >= 2 * NEAR_MS && one < 2 * FAR_MS, `WAIT 1 took ${one} ms`);
    assert.ok(two >= 2 * FAR_MS, `WAIT 2 took ${two} ms`);
  });
});
