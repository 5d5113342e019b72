import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { MAX_CAPSIM_BYTES } from '../../../src/evidence/capsim.ts';
import { evidenceSchema, problemSchema, type Evidence } from '../../../src/model/api.ts';
import { capsimWorld } from '../../support/sealedRun.ts';
import { createStudioServer, type StudioServer } from '../../support/studioServer.ts';

const MEBIBYTE = 2 ** 20;
const HUGE_BYTES = 100 * MEBIBYTE;

describe('a .capsim that is uploaded to be verified', () => {
  let studio: StudioServer;
  // As browsers do: where "Connection: close" was asked for, Node.js closes right behind its answer, whoever is still sending.
  let agent: Agent;
  beforeEach(async () => {
    studio = await createStudioServer();
    agent = new Agent({ keepAlive: true });
  });
  afterEach(async () => {
    agent.destroy();
    await studio.dispose();
  });

  /** Sends until it is answered; says how much was taken by then. */
  async function upload(
    headers: Record<string, string | number>,
  ): Promise<{ response: IncomingMessage; sent: number }> {
    const { port, token } = studio.server;
    const authorization = `Bearer ${token}`;
    const sending = request({
      ...{ host: '127.0.0.1', port, path: '/api/verify', method: 'POST', agent },
      headers: { ...headers, authorization },
    });
    // The server may hang up on what it does not want; its answer came before.
    sending.on('error', () => undefined);
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    let response: IncomingMessage | undefined;
    void answered.then(([first]) => (response = first));
    const part = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    while (response === undefined && sent < HUGE_BYTES) {
      sent += part.length;
      if (sending.write(part)) await new Promise(setImmediate);
      else await Promise.race([once(sending, 'drain'), answered]);
    }
    return { response: (await answered)[0], sent };
  }

  it('is refused at 100 MiB without being held in memory', async () => {
    for (const headers of [{ 'content-length': HUGE_BYTES }, { 'transfer-encoding': 'chunked' }]) {
      const { response, sent } = await upload(headers);
      assert.equal(response.statusCode, 413);
      const problem: unknown = JSON.parse((await response.toArray()).join(''));
      assert.equal(problemSchema.parse(problem).code, 'evidence-too-large');
      assert.ok(sent < MAX_CAPSIM_BYTES + 24 * MEBIBYTE, `${sent} bytes were taken`);
      response.destroy();
    }
    assert.equal((await studio.call('/api/health')).status, 200, 'and the server goes on');
  });

  async function verify(body: Uint8Array<ArrayBuffer>): Promise<Evidence> {
    const response = await studio.call('/api/verify', { method: 'POST', body });
    assert.equal(response.status, 200);
    return evidenceSchema.parse(await response.json());
  }

  it('gets the verdict "untrusted" when it is intact and of a key unknown here', async () => {
    const { bytes } = capsimWorld();
    const evidence = await verify(Uint8Array.from(bytes));
    assert.equal(evidence.verdict, 'untrusted');
    assert.equal(evidence.signer?.isTrusted, false);
    assert.match(evidence.sentence, /SHA256:/, 'the sentence names the key to pin');
  });

  it('gets the verdict "invalid" with the step that failed, for garbage of any kind', async () => {
    const { bytes } = capsimWorld();
    const flipped = Uint8Array.from(bytes);
    flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 1;
    const attempts = [
      new Uint8Array(0),
      new Uint8Array(1_000).fill(0xff),
      Uint8Array.from(Buffer.from('{}')),
      Uint8Array.from(Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)),
      Uint8Array.from(bytes.subarray(0, 500)),
      flipped,
    ];
    for (const body of attempts) {
      const evidence = await verify(body);
      assert.equal(evidence.verdict, 'invalid');
      assert.equal(evidence.statement, undefined, 'nothing of it is shown as if it were true');
      assert.equal(evidence.steps.filter(({ status }) => status === 'failed').length, 1);
    }
  });
});
