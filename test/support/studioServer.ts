import path from 'node:path';
import { createApi } from '../../src/api/app.ts';
import { serveLoopback, type LoopbackServer } from '../../src/api/loopback.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import { packWorkspace } from '../../src/studio/capsules/packCapsule.ts';
import { Studio } from '../../src/studio/studio.ts';
import { DIST } from './commandLine.ts';
import { createTinyRepository, healthyService, type TinyService } from './tinyProduct.ts';
import { workspaceIn } from './workspace.ts';

type CallInit = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };

export interface StudioServer {
  readonly studio: Studio;
  readonly server: LoopbackServer;
  /** The repository of a product of one service. */
  readonly folder: string;
  /** A request with the token. */
  call(route: string, init?: CallInit): Promise<Response>;
  post(route: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Packs the product and returns its capsuleHash. */
  pack(): Promise<string>;
  dispose(): Promise<void>;
}

/** A real server over a workspace of its own, with a product of one service unless it is given others. */
export async function createStudioServer(
  refusal?: string,
  services: readonly TinyService[] = [healthyService()],
): Promise<StudioServer> {
  const product = await createTinyRepository(services);
  const workspace = await workspaceIn(product.repo);
  const studio = new Studio(workspace);
  const api = createApi(studio, { refusal: () => refusal });
  const server = await serveLoopback(api, { pageFolder: path.join(DIST, 'page') });
  const call = (route: string, { headers, ...init }: CallInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${route}`, {
      ...init,
      headers: { ...headers, authorization: `Bearer ${server.token}` },
    });
  return {
    studio,
    server,
    folder: product.repo,
    call,
    post: (route, body, headers = {}) =>
      call(route, { method: 'POST', body: JSON.stringify(body), headers }),
    pack: async () => {
      const { capsule } = await packWorkspace(workspace, {
        registryFile: path.join(product.repo, 'mesh.services.json'),
        allowDirty: false,
        signal: new AbortController().signal,
      });
      return capsule.capsuleHash;
    },
    dispose: async () => {
      await studio.dispose();
      await server.close();
      await product.dispose();
    },
  };
}

export interface StreamMessage {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** The messages of an event stream as they come; ends with the stream. Leaving the loop ends the request. */
export async function* streamOf(response: Response): AsyncGenerator<StreamMessage> {
  let text = '';
  const body = response.body?.pipeThrough(new TextDecoderStream());
  for await (const part of body ?? []) {
    text += part;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (block.includes('data:')) yield messageIn(block);
  }
}

function messageIn(block: string): StreamMessage {
  const field = (name: string): string =>
    new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
  return {
    event: field('event') || 'message',
    id: field('id'),
    data: JSON.parse(field('data')) as unknown,
  };
}

/** All messages of an event stream, read to its end. */
export async function messagesOf(response: Response): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = [];
  for await (const message of streamOf(response)) messages.push(message);
  return messages;
}

export function eventsOf(messages: readonly StreamMessage[]): MeshEvent[] {
  return messages
    .filter(({ event }) => ['message', 'packets', 'log'].includes(event))
    .map(({ data }) => data as MeshEvent);
}
