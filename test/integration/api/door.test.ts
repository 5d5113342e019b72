import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { MAX_CAPSIM_BYTES } from '../../../src/evidence/capsim.ts';
import { evidenceSchema, workspaceStateSchema } from '../../../src/model/api.ts';
import { provenancePageSchema } from '../../../src/model/provenanceApi.ts';
import { createStudioServer, type StudioServer } from '../../support/studioServer.ts';

/** fetch sets Host by itself; an attacker's DNS does not. */
function statusWith(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/api/health', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the loopback server', () => {
  let studio: StudioServer;
  beforeEach(async () => {
    studio = await createStudioServer();
  });
  afterEach(() => studio.dispose());

  it('answers only who names it, comes from it and has the token', async () => {
    const { port, token } = studio.server;
    const authorization = `Bearer ${token}`;
    const own = `127.0.0.1:${port}`;
    const attempts: [Record<string, string>, number][] = [
      [{ host: own, authorization }, 200],
      [{ host: `localhost:${port}`, authorization, origin: `http://${own}` }, 200],
      [{ host: own }, 401],
      [{ host: own, authorization: 'Bearer wrong' }, 401],
      [{ host: 'rebound.example', authorization }, 403],
      [{ host: own, authorization, origin: 'http://evil.example' }, 403],
      [{ host: own, authorization, origin: 'null' }, 403],
    ];
    for (const [headers, status] of attempts) {
      assert.equal(await statusWith(port, headers), status, JSON.stringify(headers));
    }
    studio.server.allowAuthority('tunnel.example');
    assert.equal(await statusWith(port, { host: 'tunnel.example', authorization }), 200);
  });

  it('takes the token from the query for streams only', async () => {
    const { port, token } = studio.server;
    const base = `http://127.0.0.1:${port}`;
    assert.equal((await fetch(`${base}/api/health?token=${token}`)).status, 401);
    const controller = new AbortController();
    const stream = await fetch(`${base}/api/workspace/events?token=${token}`, controller);
    assert.equal(stream.status, 200);
    controller.abort();
  });

  it('serves a page that may load nothing from elsewhere', async () => {
    const page = await fetch(`http://127.0.0.1:${studio.server.port}/?id=1&vscodeBrowserReqId=2`);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    const html = await page.text();
    assert.doesNotMatch(html, /(?:src|href)="(?:\/|http)/, 'all addresses are relative');
    assert.ok(!html.includes(studio.server.token));
  });

  it('gives a verdict on garbage and refuses what is too large to be evidence', async () => {
    const send = (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      studio.call('/api/verify', { method: 'POST', body });
    const garbage = evidenceSchema.parse(await (await send(new Uint8Array(100))).json());
    assert.equal(garbage.verdict, 'invalid');
    assert.equal(garbage.steps.at(-1)?.status, 'failed');
    assert.equal((await send(new Uint8Array(MAX_CAPSIM_BYTES + 1))).status, 413);
  });

  it('shows an empty workspace without creating anything, and a broken ledger as broken', async () => {
    const page = async () =>
      provenancePageSchema.parse(await (await studio.call('/api/provenance')).json());
    assert.equal((await page()).integrity.status, 'empty');
    assert.equal(studio.studio.workspace.hasLedger(), false);
    const state = workspaceStateSchema.parse(await (await studio.call('/api/workspace')).json());
    assert.deepEqual([state.product, state.hasRegistry, state.hasGit], ['tiny', true, true]);

    await studio.pack();
    assert.equal((await page()).integrity.status, 'intact');
    const { ledger } = studio.studio.workspace.paths;
    await writeFile(path.join(ledger, 'checkpoint'), 'not a checkpoint\n');
    assert.equal((await page()).integrity.status, 'broken');
  });

  it('runs nothing in a workspace that is not trusted', async () => {
    const untrusted = await createStudioServer('Trust this workspace to run simulations.');
    try {
      const hosts = { edge: { kind: 'ssh', host: 'edge' } };
      for (const { studio: server } of [studio, untrusted]) {
        const file = path.join(server.workspace.paths.folder, 'mesh.hosts.json');
        await writeFile(file, JSON.stringify({ hosts }));
      }
      const hostsOf = async (server: typeof studio) =>
        workspaceStateSchema.parse(await (await server.call('/api/workspace')).json()).hosts;
      assert.deepEqual([await hostsOf(studio), await hostsOf(untrusted)], [['edge'], []]);
      const response = await untrusted.post('/api/capsules', {});
      assert.equal(response.status, 403);
      assert.match(await response.text(), /workspace-untrusted/);
      assert.equal((await untrusted.call('/api/provenance')).status, 200);
    } finally {
      await untrusted.dispose();
    }
  });
});
