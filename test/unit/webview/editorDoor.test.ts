import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { HostMessage, PageMessage } from '../../../src/model/tunnel.ts';
import { EditorDoor } from '../../../webview/client/editorDoor.ts';

/** Both ends of postMessage in one place. */
function createPort() {
  const listeners = new Set<(message: HostMessage) => void>();
  const sent: PageMessage[] = [];
  return {
    sent,
    listeners,
    post: (message: PageMessage) => {
      sent.push(message);
    },
    listen: (listener: (message: HostMessage) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    answer: (message: HostMessage) => {
      for (const listener of listeners) listener(message);
    },
  };
}

const head = (id: number): HostMessage => ({ type: 'head', id, status: 200, headers: [] });
const chunk = (id: number, text: string): HostMessage => ({
  type: 'chunk',
  id,
  bytes: new TextEncoder().encode(text),
});

/** Requests are posted after their body was read, some turns of the event loop later. */
async function posted(port: ReturnType<typeof createPort>, count: number): Promise<void> {
  while (port.sent.length < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('the door through the extension host', () => {
  it('answers a request with what the host sends for it', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    const asked = door.fetch('/api/health', { headers: { 'x-one': '1' } });
    await posted(port, 1);
    port.answer(head(1));
    const response = await asked;
    port.answer(chunk(1, 'he'));
    port.answer(chunk(2, 'of another request'));
    port.answer(chunk(1, 'llo'));
    port.answer({ type: 'end', id: 1 });
    assert.equal(await response.text(), 'hello');
    assert.deepEqual(port.sent[0], {
      type: 'request',
      id: 1,
      method: 'GET',
      url: '/api/health',
      headers: [['x-one', '1']],
    });
  });

  it('sends nothing for a request that was aborted before', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    await assert.rejects(door.fetch('/api/health', { signal: AbortSignal.abort() }));
    assert.deepEqual(port.sent, []);
  });

  it('rejects a request that is aborted while it waits, and tells the host once', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    const ends = new AbortController();
    const asked = door.fetch('/api/health', { signal: ends.signal });
    await posted(port, 1);
    ends.abort(new Error('no longer'));
    await assert.rejects(asked, /no longer/);
    port.answer(head(1));
    assert.deepEqual(port.sent.slice(1), [{ type: 'abort', id: 1 }]);
  });

  it('ends a body whose request is aborted, and ignores what still comes for it', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    const ends = new AbortController();
    const asked = door.fetch('/api/workspace/events', { signal: ends.signal });
    await posted(port, 1);
    port.answer(head(1));
    const reader = (await asked).body!.getReader();
    port.answer(chunk(1, 'one'));
    assert.equal(new TextDecoder().decode((await reader.read()).value as Uint8Array), 'one');
    ends.abort(new Error('no longer'));
    port.answer(chunk(1, 'two'));
    port.answer({ type: 'end', id: 1 });
    await assert.rejects(reader.read(), /no longer/);
  });

  it('leaves nothing on the signal of a request that was answered', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    const ends = new AbortController();
    const asked = door.fetch('/api/health', { signal: ends.signal });
    await posted(port, 1);
    port.answer(head(1));
    port.answer({ type: 'end', id: 1 });
    await (await asked).text();
    ends.abort();
    assert.equal(port.sent.length, 1, 'no abort for what is over');
  });

  it('tells the host when a reader gives up', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    const asked = door.fetch('/api/workspace/events');
    await posted(port, 1);
    port.answer(head(1));
    await (await asked).body!.cancel();
    assert.deepEqual(port.sent[1], { type: 'abort', id: 1 });
  });

  it('rejects everything and stops listening when it is closed', async () => {
    const port = createPort();
    const door = new EditorDoor(port);
    const asked = door.fetch('/api/health');
    await posted(port, 1);
    door.close();
    await assert.rejects(asked, /closed/);
    assert.equal(port.listeners.size, 0);
  });
});
