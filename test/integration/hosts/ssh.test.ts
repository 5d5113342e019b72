import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandOf, processIds } from '../../../src/agent/processes/procfs.ts';
import type { HostSpec } from '../../../src/model/hosts.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import type { RealRunOptions } from '../../../src/runtime/real/options.ts';
import { ServiceLinks } from '../../../src/runtime/real/serviceLinks.ts';
import { eventsOf, ON_HOST, realRunOptions, rehearse } from '../../support/realRun.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { slowly, startRemoteHost, type RemoteHost } from '../../support/remoteHost.ts';
import { hasSshServer } from '../../support/sshServer.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

const suite = hasSshServer ? describe : describe.skip;
const name = hasSshServer
  ? 'nodes on other hosts over ssh, to a real sshd'
  : 'nodes on other hosts over ssh (skipped: no sshd here, install openssh-server)';

/** ssh programs that lead to this server, whose port no other has. */
function clientsOf(port: number): number[] {
  return processIds().filter((pid) => {
    const command = commandOf(pid);
    return command.startsWith('ssh') && command.includes(`-p ${port} `);
  });
}

suite(name, () => {
  let product: TinyProduct;
  let edge: RemoteHost;
  before(async () => {
    product = await createTinyProduct([healthyService()]);
    edge = await startRemoteHost(product.folder);
  });
  after(async () => {
    await edge.stop();
    await product.dispose();
  });

  const run = (
    plan: Partial<PlanInput>,
    overrides: Partial<RealRunOptions> = {},
    more: Partial<HostSpec> = {},
  ) =>
    rehearse(
      product,
      { params: { nodes: 3, latencyMs: [10, 20] }, hosts: { n1: 'edge', n2: 'edge' }, ...plan },
      { hosts: { edge: { ...edge.spec, ...more } as HostSpec }, ...overrides },
    );

  it('are refused a plan that asks for more than the way there carries, and leave nothing there', async () => {
    const asked = run({ bandwidth: { model: 'link', mbps: 40 } }, {}, slowly(edge.spec, 1_000));
    assert.match(
      await sentenceOf('plan-invalid', asked),
      /^edge carries \d\.\d Mbit\/s; the plan gives n0–n1 40 Mbit\/s: lower its bandwidth/,
    );
    assert.deepEqual(await edge.left(), []);
  });

  it('get the Capsule from others, run its services in boxes with a wire, and leave nothing there', async () => {
    const { observation, events } = await run({});
    assert.equal(observation.outcome, 'pass', observation.cause);
    const { fidelity, isolation } = observation.environment;
    if (isolation === 'full' && wireHindrance() === undefined) assert.equal(fidelity, 'kernel');
    const healthy = eventsOf(events, 'service').filter(({ status }) => status === 'healthy');
    assert.deepEqual(healthy.map(({ nodeId }) => nodeId).sort(), ['n0', 'n1', 'n2']);
    assert.deepEqual(
      observation.hosts?.map(({ nodeId, host, kind }) => [nodeId, host, kind]),
      [
        ['n1', 'edge', 'ssh'],
        ['n2', 'edge', 'ssh'],
      ],
    );
    for (const { identity = '', clock } of observation.hosts ?? []) {
      assert.match(identity, /^SHA256:/);
      // The clock of the same machine: what is said of its error has to hold.
      assert.ok(Math.abs(clock.end.offsetMs) <= clock.end.errorMs, JSON.stringify(clock));
    }
    const left = observation.invariants.find(({ name: one }) => one === 'no-process-left');
    assert.equal(left?.observed, 'held');
    assert.deepEqual(await edge.left(), []);
  });

  it('are killed there, begin again there, and keep what they had', async () => {
    const { observation } = await run(
      {
        hosts: { n1: 'edge' },
        params: { nodes: 2, latencyMs: [10, 20] },
        chaos: {
          faults: [
            { when: { node: 'n1', phase: 'start' }, do: { kill: 'n1', restartAfterMs: 50 } },
          ],
        },
      },
      ON_HOST,
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    const recovery = observation.recovery.find(({ nodeId }) => nodeId === 'n1');
    assert.equal(recovery?.crashes, 1);
    assert.ok(recovery.kept > 0);
    assert.deepEqual(await edge.left(), []);
  });

  it('show a service of theirs at a port of this machine, before and after they were killed', async () => {
    const hosts = { n1: 'edge' };
    const params = { nodes: 2, latencyMs: [1, 5] as [number, number] };
    const kill = { kill: 'n1', restartAfterMs: 0 };
    const chaos = {
      faults: [{ when: { node: 'n1', phase: 'healthy' as const, progress: 1 }, do: kill }],
    };
    const options = realRunOptions(product, { hosts, params, chaos });
    const links = new ServiceLinks(options.plan, product.capsule.manifest.services);
    let isBack = false;
    // The kill may come before the first one was opened.
    const cameBack = new Promise<string>((resolve) => {
      const onOpened = (_: unknown, address: string) => isBack && resolve(address);
      links.listen({ onOpened, onRefused: () => undefined });
    });
    links.want({ service: 'web', port: 'http', nodeId: 'n1' });
    const statuses: number[] = [];
    // Its nodes are up until this has resolved.
    const holdUp = async () => {
      statuses.push((await fetch(await cameBack)).status);
    };
    const sink: RealRunOptions['sink'] = (event) => {
      isBack ||= event.type === 'node' && event.status === 'restarted';
    };
    const { observation } = await run({ hosts, params, chaos }, { links, holdUp, sink });
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.deepEqual(statuses, [200]);
    assert.deepEqual(await edge.left(), []);
  });

  it('halt over content that drifted, which their own host gives them', async () => {
    const drifted = await product.driftedAt('web', 'server.mjs', '// Something else.\n');
    const { observation } = await run(
      {
        hosts: { n1: 'edge' },
        params: { nodes: 2, latencyMs: [1, 5] },
        drift: [{ node: 'n1', service: 'web', commit: drifted.commit }],
      },
      { ...ON_HOST, drifted: new Map([['n1', drifted.capsule]]) },
    );
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /n1/);
    assert.equal(observation.nodeReports[1]?.signatureVerified, false);
    assert.deepEqual(await edge.left(), []);
  });

  it('fail, and say why, when their host is lost in the midst of the run', async () => {
    const { observation } = await run(
      { hosts: { n1: 'edge' }, params: { nodes: 2, latencyMs: [1, 5] } },
      {
        ...ON_HOST,
        sink: (event) => {
          if (event.type === 'phase' && event.nodeId === 'n1' && event.phase === 'start') {
            for (const pid of clientsOf(edge.spec.port ?? 0)) process.kill(pid, 'SIGKILL');
          }
        },
      },
    );
    assert.equal(observation.outcome, 'fail');
    assert.match(
      observation.cause ?? '',
      /^The agent of n1 is lost: edge cannot be reached: ssh was ended by SIGKILL/,
    );
    const left = observation.invariants.find(({ name: one }) => one === 'no-process-left');
    assert.equal(left?.observed, 'not-observed');
    // It does the rest by itself.
    while ((await edge.left()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('may hand out the Capsule from there', async () => {
    const plan: Partial<PlanInput> = { hosts: { n0: 'edge' } };
    const { observation } = await run(
      { ...plan, params: { nodes: 2, latencyMs: [1, 5] } },
      ON_HOST,
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.deepEqual(
      observation.hosts?.map(({ nodeId }) => nodeId),
      ['n0'],
    );
  });

  it('are refused in one sentence where there is no way to them, or no Node.js', async () => {
    const refusal = (more: Partial<HostSpec>) =>
      sentenceOf('host-failed', run({ hosts: { n1: 'edge' } }, ON_HOST, more));
    assert.match(
      await refusal({ node: '/nowhere/node' }),
      /^edge has no program "\/nowhere\/node" \(.*\): install Node\.js 22\.15 or newer there/,
    );
    const known = path.join(product.folder, 'other_hosts');
    await writeFile(known, '');
    const options = edge.spec.options.map((option) =>
      option.startsWith('UserKnownHostsFile=') ? `UserKnownHostsFile=${known}` : option,
    );
    assert.equal(
      await refusal({ options }),
      'The host key of edge is not known: connect once with ssh and check it.',
    );
    await writeFile(
      known,
      `[127.0.0.1]:${edge.spec.port ?? 22} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n`,
    );
    assert.match(await refusal({ options }), /^The host key of edge has changed: nothing was sent/);
    assert.match(await refusal({ port: 1 }), /^edge cannot be reached: ssh ended with code 255/);
    assert.deepEqual(await edge.left(), []);
  });

  it('are given no secret unless their host is said to be good for them', async () => {
    const secret = await createTinyProduct([healthyService('web', { secrets: ['TOKEN'] })]);
    try {
      const sentence = await sentenceOf(
        'secret-missing',
        rehearse(
          secret,
          { hosts: { n1: 'edge' } },
          { hosts: { edge: edge.spec }, secrets: new Map([['TOKEN', 'tok-55aa77bb']]), ...ON_HOST },
        ),
      );
      assert.match(sentence, /^n1 is to live on edge, and its services name the secret TOKEN: /);
    } finally {
      await secret.dispose();
    }
  });
});
