import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { HostSpec } from '../../../src/model/hosts.ts';
import { eventsOf, rehearse } from '../../support/realRun.ts';
import { hasSshServer, startSshServer, type SshServer } from '../../support/sshServer.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

const suite = hasSshServer ? describe : describe.skip;
const name = hasSshServer
  ? 'nodes on other hosts over ssh, to a real sshd'
  : 'nodes on other hosts over ssh (skipped: no sshd here, install openssh-server)';

suite(name, () => {
  let product: TinyProduct;
  let server: SshServer;
  before(async () => {
    product = await createTinyProduct([healthyService()]);
    server = await startSshServer(path.join(product.folder, 'ssh'));
  });
  after(async () => {
    await server.stop();
    await product.dispose();
  });

  const edge = (more: Partial<HostSpec> = {}): HostSpec =>
    ({
      kind: 'ssh',
      host: server.host,
      port: server.port,
      options: [...server.options],
      node: process.execPath,
      secrets: false,
      ...more,
    }) as HostSpec;
  /** Of the user there, whose home folder the server has set. */
  const leftThere = async () => {
    const runs = path.join(product.folder, 'ssh/.cache/mesh-sim/hosted/runs');
    return existsSync(runs) ? readdir(runs) : [];
  };

  it('passes the Capsule on, runs the services there, over the wire, and leaves nothing', async () => {
    const { observation, events } = await rehearse(
      product,
      { params: { nodes: 3, latencyMs: [10, 20] }, hosts: { n1: 'edge', n2: 'edge' } },
      { hosts: { edge: edge() } },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(observation.environment.fidelity, 'kernel');
    assert.deepEqual(
      eventsOf(events, 'service').filter(({ status }) => status === 'healthy').length,
      3,
    );
    assert.deepEqual(await leftThere(), []);
  });
});
