import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HostSpec } from '../../../src/model/hosts.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import type { RealRunOptions } from '../../../src/runtime/real/options.ts';
import {
  describePods,
  inContainers,
  startPodHost,
  type PodHost,
} from '../../support/kubernetes/podHost.ts';
import { MISSING_IMAGE, type Pod, type StandInPods } from '../../support/kubernetes/standInPods.ts';
import { HostVisitor } from '../../support/hostVisitor.ts';
import { eventsOf, ON_HOST, rehearse } from '../../support/realRun.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

describePods('nodes that the real kubectl puts in Pods', () => {
  let product: TinyProduct;
  let lab: PodHost;
  before(async () => {
    product = await createTinyProduct([healthyService()]);
    lab = await startPodHost();
  });
  after(async () => {
    await lab.stop();
    await product.dispose();
  });
  const nothingLeft = async () => {
    assert.deepEqual(await lab.pods(), []);
    if (lab.standIn !== undefined) assert.deepEqual(inContainers(lab.standIn), []);
  };

  const environment = () => ({ ...process.env, ...lab.environment });
  const run = (plan: Partial<PlanInput> = {}, overrides: Partial<RealRunOptions> = {}) =>
    rehearse(
      product,
      { params: { nodes: 2, latencyMs: [20, 30] }, hosts: { n1: 'lab' }, ...plan },
      { hosts: { lab: lab.spec }, hostEnvironment: environment(), ...ON_HOST, ...overrides },
    );

  it('get the Capsule, run its services, say where they lived, and leave neither Pods nor processes', async () => {
    const { observation, events } = await run();
    assert.equal(observation.outcome, 'pass', observation.cause);
    const healthy = eventsOf(events, 'service').filter(({ status }) => status === 'healthy');
    assert.deepEqual(healthy.map(({ nodeId }) => nodeId).sort(), ['n0', 'n1']);
    const [home] = observation.hosts ?? [];
    assert.deepEqual([home?.nodeId, home?.host, home?.kind], ['n1', 'lab', 'kubernetes']);
    assert.match(home?.identity ?? '', /@sha256:[0-9a-f]{64}$/);
    assert.match(home?.node ?? '', /^v\d/);
    const left = observation.invariants.find(({ name }) => name === 'no-process-left');
    assert.equal(left?.observed, 'held');
    await nothingLeft();
  });

  it('begin again after a kill in the same Pod, and keep what they had', async () => {
    const made = new Set<string>();
    lab.standIn?.pods.on('event', ({ object }) => made.add(object.metadata.uid));
    const kill = { kill: 'n1', restartAfterMs: 50 };
    const { observation } = await run({
      chaos: { faults: [{ when: { node: 'n1', phase: 'start' }, do: kill }] },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const recovery = observation.recovery.find(({ nodeId }) => nodeId === 'n1');
    assert.equal(recovery?.crashes, 1);
    assert.ok(recovery.kept > 0);
    if (lab.standIn !== undefined) assert.equal(made.size, 1);
    await nothingLeft();
  });

  it('are given up where nobody waits for them any more', async () => {
    const interrupted = new AbortController();
    const { signal } = interrupted;
    lab.standIn?.pods.once('event', () => interrupted.abort());
    if (lab.standIn === undefined) interrupted.abort();
    await sentenceOf('interrupted', run({}, { signal }));
    await nothingLeft();
  });

  describe('that are ended while they run', () => {
    before(function () {
      // What a cluster does to Pods takes rights that tests have on no real one.
      if (lab.standIn === undefined) this.skip();
    });

    const harms: readonly [string, (pods: StandInPods, pod: Pod) => void, RegExp][] = [
      [
        'which memory limit ended them',
        (pods, pod) => pods.killForMemory(pod),
        /^The Pod mesh-sim-.* on lab was ended for want of memory \(OOMKilled; its limit is 512m\): raise "memory"/,
      ],
      [
        'that they were evicted, and why',
        (pods, pod) => pods.evict(pod, 'The node was low on resource: memory.'),
        /^The Pod mesh-sim-.* on lab was evicted \(The node was low on resource: memory\): see/,
      ],
      [
        'that somebody deleted them',
        (pods, pod) => void pods.delete(pod),
        /^The Pod mesh-sim-.* on lab was deleted while it ran: find out by whom/,
      ],
    ];
    for (const [what, harm, sentence] of harms) {
      it(`say ${what}`, async () => {
        const visitor = new HostVisitor(environment());
        const { pods } = lab.standIn!;
        const spec = { ...lab.spec, memory: '512m' };
        const harmOne = () => pods.all.forEach((pod) => harm(pods, pod));
        const words = await visitor.visit('lab', spec, { harm: harmOne });
        await visitor.stop();
        assert.match(words, sentence);
        await nothingLeft();
      });
    }
  });

  describe('that cannot be had', () => {
    let oldNode: string;
    before(async function () {
      if (lab.standIn === undefined) this.skip();
      const hook = path.join(product.folder, 'old.cjs');
      oldNode = path.join(product.folder, 'node');
      await writeFile(
        hook,
        "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '12.22.12' } });",
      );
      const script = `#!/bin/sh\nexec '${process.execPath}' -r '${hook}' "$@"\n`;
      await writeFile(oldNode, script, { mode: 0o755 });
    });

    const cases: readonly [string, () => object, RegExp][] = [
      [
        'where the kubeconfig has no such context',
        () => ({ context: 'nowhere' }),
        /^Your kubeconfig has no context "nowhere" for lab: /,
      ],
      [
        'where the cluster does not answer',
        () => ({ context: 'gone' }),
        /^The cluster of lab cannot be reached \((The connection to the server 127\.0\.0\.1:1 was|dial tcp 127\.0\.0\.1:1: connect: connection) refused/,
      ],
      [
        'where the user may make none',
        () => ({ context: 'reader' }),
        /^lab forbids it: you cannot create pods there /,
      ],
      [
        'where the user may not attach',
        () => ({ context: 'watcher' }),
        /^lab does not let you attach to Pods \(.*pods\/attach/,
      ],
      [
        'where nobody knows the user',
        () => ({ context: 'stranger' }),
        /^lab does not know you \(.*\): log in/,
      ],
      [
        'where there is no such namespace',
        () => ({ namespace: 'missing' }),
        /^lab has no namespace "missing": create it/,
      ],
      [
        'where no registry has the image',
        () => ({ image: MISSING_IMAGE }),
        /^lab cannot have the image registry\.test\/missing:1 \(Back-off pulling/,
      ],
      [
        'where the image has no Node.js',
        () => ({ node: '/nowhere/node' }),
        /^lab has no program "\/nowhere\/node" \(.*\): use an image with Node\.js/,
      ],
      [
        'where the image has an old Node.js',
        () => ({ node: oldNode }),
        /^lab has Node\.js 12\.22\.12; 22\.15 or newer is needed: set "node"/,
      ],
      [
        'where no Node of the cluster fits',
        () => ({ nodeSelector: { zone: 'moon' } }),
        /^lab found no Node for the Pod mesh-sim-visit-.* within 10 s \(0\/1 nodes are available: .*\): lower/,
      ],
    ];
    // All at once: most of the time of each is that of a program that starts, or of a wait.
    const said = new Map<string, Promise<string>>();
    let visitors: HostVisitor[];
    before(() => {
      const without = { ...environment(), PATH: path.dirname(process.execPath) };
      const [usual, bare] = [new HostVisitor(environment()), new HostVisitor(without)];
      visitors = [usual, bare];
      for (const [where, wrong] of cases) {
        const spec = { ...lab.spec, ...wrong() } as HostSpec;
        // The scheduler is long done by then.
        const choice = where.includes('fits') ? { limitMs: 10_000 } : {};
        said.set(where, sentenceOf('host-failed', usual.visit('lab', spec, choice)));
      }
      said.set('kubectl', sentenceOf('host-failed', bare.visit('lab', lab.spec)));
    });
    after(() =>
      Promise.all((visitors as HostVisitor[] | undefined)?.map((one) => one.stop()) ?? []),
    );

    for (const [where, , sentence] of cases) {
      it(`are refused in one sentence ${where}`, async () => {
        assert.match((await said.get(where)) ?? '', sentence);
      });
    }

    it('are refused in one sentence where there is no kubectl', async () => {
      assert.match(
        (await said.get('kubectl')) ?? '',
        /^There is no program "kubectl" on this machine to reach lab with: install it\.$/,
      );
    });

    it('leave nothing', async () => {
      await Promise.all(said.values());
      await nothingLeft();
    });
  });
});
