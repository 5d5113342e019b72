import assert from 'node:assert/strict';
import {
  problemSchema,
  recordedSchema,
  startedSchema,
  streamEndSchema,
  workspaceStateSchema,
} from '../../../src/model/api.ts';
import { linkListSchema, openedLinkSchema } from '../../../src/model/linksApi.ts';
import { createStudioServer, messagesOf, type StudioServer } from '../../support/studioServer.ts';

const WEB = { service: 'web', port: 'http', nodeId: 'n1' };

describe('the API of a run that is held up', () => {
  let studio: StudioServer;
  let simId: string;
  let end: unknown;

  before(async () => {
    studio = await createStudioServer();
    const started = await studio.post('/api/mesh-sim/start', await request());
    ({ simId } = startedSchema.parse(await started.json()));
    const messages = await messagesOf(await studio.call(`/api/mesh-sim/events?simId=${simId}`));
    end = messages.at(-1)?.data;
  });
  after(() => studio.dispose());

  async function request() {
    const params = { nodes: 2, latencyMs: [1, 5] };
    return { capsuleHash: await studio.pack(), params, hold: true };
  }
  const codeOf = async (response: Response) => problemSchema.parse(await response.json()).code;
  const links = () => studio.call(`/api/mesh-sim/${simId}/links`);
  async function held(): Promise<string | undefined> {
    const response = await studio.call('/api/workspace');
    return workspaceStateSchema.parse(await response.json()).held;
  }

  it('ends its stream when it is sealed, and says of the workspace that it is held up', async () => {
    const ended = streamEndSchema.parse(end);
    assert.equal(ended.outcome, 'pass');
    assert.equal(ended.sentence, 'All nodes are READY and no invariant was violated.');
    const recorded = await studio.post('/api/mesh-sim/record', { simId });
    assert.equal(recordedSchema.parse(await recorded.json()).outcome, 'pass');
    assert.equal(await held(), simId);
  });

  it('lists ports of its services, and leads a port of this machine to one', async () => {
    const list = linkListSchema.parse(await (await links()).json());
    assert.deepEqual(
      list.links.map(({ nodeId, isUp, address }) => [nodeId, isUp, address]),
      [
        ['n0', true, undefined],
        ['n1', true, undefined],
      ],
    );
    const opened = await studio.post(`/api/mesh-sim/${simId}/links`, WEB);
    const { address } = openedLinkSchema.parse(await opened.json());
    const answer = await fetch(address, { headers: { connection: 'close' } });
    assert.equal(await answer.text(), 'ok');
    const again = await studio.post(`/api/mesh-sim/${simId}/links`, WEB);
    assert.equal(openedLinkSchema.parse(await again.json()).address, address);
    const unknown = { ...WEB, nodeId: 'n7' };
    assert.equal(await codeOf(await studio.post(`/api/mesh-sim/${simId}/links`, unknown)), 'usage');
  });

  it('lets no other run begin before it is ended, and is over then', async () => {
    const another = await studio.post('/api/mesh-sim/start', await request());
    assert.equal(await codeOf(another), 'run-busy');
    const over = new Promise<void>((resolve) => studio.studio.simulations.onChange(resolve));
    assert.equal((await studio.post(`/api/mesh-sim/${simId}/end`, {})).status, 202);
    await over;
    assert.equal(await held(), undefined);
    assert.equal(await codeOf(await links()), 'run-unknown');
    assert.equal(await codeOf(await studio.post(`/api/mesh-sim/${simId}/end`, {})), 'run-unknown');
  });
});
