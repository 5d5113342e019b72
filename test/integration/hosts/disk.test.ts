import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Fault } from '../../../src/model/plan.ts';
import { NodeDisk } from '../../../src/runtime/real/disk/nodeDisk.ts';
import { ON_HOST, eventsOf, rehearse } from '../../support/realRun.ts';
import { startRemoteHost, type RemoteHost } from '../../support/remoteHost.ts';
import { hasSshServer } from '../../support/sshServer.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';
import { createTinyProduct, type TinyProduct } from '../../support/tinyProduct.ts';
import { WRITING } from '../../support/writingService.ts';

const suite = hasSshServer ? describe : describe.skip;
const name = hasSshServer
  ? 'the disk of a node on another host (needs mounts of its own)'
  : 'the disk of a node on another host (skipped: no sshd here, install openssh-server)';

suite(name, () => {
  let product: TinyProduct;
  let edge: RemoteHost;
  before(async function () {
    const hasDisk = await withTemporaryFolder(async (folder) => {
      const disk = await NodeDisk.open(folder);
      if (!('unavailable' in disk)) await disk.close();
      return !('unavailable' in disk);
    });
    if (!hasDisk) this.skip();
    product = await createTinyProduct([WRITING]);
    edge = await startRemoteHost(product.folder);
  });
  after(async () => {
    // Where it is skipped, there are none.
    await (edge as RemoteHost | undefined)?.stop();
    await (product as TinyProduct | undefined)?.dispose();
  });

  const fill: Fault = {
    when: { node: 'n1', phase: 'healthy', progress: 1 },
    do: { fillDisk: 'n1', leaveBytes: 200_000, forMs: 2_500 },
  };
  /** Is over when its services have written again. */
  const afterwards: Fault = {
    when: { afterFault: 0, delayMs: 1_000 },
    do: { slow: 'n0', factor: 2 },
  };
  const run = (more = {}) =>
    rehearse(
      product,
      {
        params: { nodes: 2, latencyMs: [1, 5] },
        hosts: { n1: 'edge' },
        chaos: { faults: [fill, afterwards] },
        deadlineMs: 60_000,
      },
      { hosts: { edge: edge.spec }, ...more },
    );

  it('is filled there: services are told that no space is left, write again once there is, and nothing stays', async () => {
    const { observation, events } = await run();
    assert.equal(observation.outcome, 'pass', observation.cause);
    const [report] = observation.faults;
    assert.ok(report?.effect === 'fillDisk' && 'filled' in report, JSON.stringify(report));
    assert.ok(report.filled > 0);
    assert.equal(report.leastFree, 0);
    const healed = eventsOf(events, 'fault').find(({ status }) => status === 'healed');
    const until = healed?.at ?? Infinity;
    const said = eventsOf(events, 'log').filter(
      ({ nodeId, text }) => nodeId === 'n1' && text.startsWith('wrote'),
    );
    const before = said.filter(({ at }) => at < until).map(({ text }) => text);
    assert.deepEqual(new Set(before), new Set(['wrote', 'wrote not: ENOSPC']));
    assert.equal(said.findLast(({ at }) => at > until)?.text, 'wrote');
    assert.deepEqual(await edge.left(), []);
    assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(product.folder));
  });

  it('is none of its own where its services have no namespaces, which the run says', async () => {
    const { observation } = await run(ON_HOST);
    const [report] = observation.faults;
    assert.match(
      (report !== undefined && 'notApplied' in report ? report.notApplied : undefined) ?? '',
      /^n1 has no disk of its own: mesh\.environments\.json has turned namespaces off/,
    );
    assert.deepEqual(await edge.left(), []);
  });
});
