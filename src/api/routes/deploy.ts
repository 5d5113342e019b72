import { Hono } from 'hono/tiny';
import { streamSSE } from 'hono/streaming';
import { MeshSimError } from '../../base/errors.ts';
import { deployRequestSchema, rollbackRequestSchema } from '../../model/deployApi.ts';
import { WHOLE_CHAIN } from '../../model/trustExport.ts';
import { environmentStates } from '../../studio/deploy/environmentStates.ts';
import { resolveCapsule } from '../../studio/capsules/findCapsule.ts';
import { provenanceGraph, type GraphRequest } from '../../studio/provenance/provenanceGraph.ts';
import { provenanceSvg } from '../../studio/provenance/provenanceSvg.ts';
import { assertMayRun, type ApiContext } from '../apiOptions.ts';
import { readJson } from '../requestBody.ts';

const HEARTBEAT_MS = 15_000;

/** `/api/…`: environments with their gates, deploys, and the chain of trust. */
export function deployRoutes(api: ApiContext) {
  const { studio } = api;
  const { deploys, workspace } = studio;

  async function graphRequest(query: Record<string, string>): Promise<GraphRequest> {
    const { capsule } = query;
    const limit = wholeNumber(query.limit, 'limit');
    return {
      capsuleHash: capsule === undefined ? undefined : await resolveCapsule(workspace, capsule),
      before: wholeNumber(query.before, 'before'),
      limit: limit === undefined ? undefined : Math.min(Math.max(limit, 1), WHOLE_CHAIN),
    };
  }

  return new Hono()
    .get('/environments', async (context) =>
      context.json(await environmentStates(studio, context.req.query('capsule'))),
    )
    .post('/deploy', async (context) => {
      assertMayRun(api);
      return context.json(await deploys.start(await readJson(context, deployRequestSchema)), 202);
    })
    .post('/deploy/rollback', async (context) => {
      assertMayRun(api);
      const { environment, to } = await readJson(context, rollbackRequestSchema);
      return context.json(await deploys.rollBack(environment, to), 202);
    })
    .get('/deploy/:deployId/events', (context) => {
      const deploy = deploys.find(context.req.param('deployId'));
      const { lastEventId } = context.req.query();
      const last = context.req.header('last-event-id') ?? lastEventId ?? '';
      const from = /^\d{1,9}$/.test(last) ? Number(last) + 1 : 0;
      return streamSSE(context, async (stream) => {
        const gone = new AbortController();
        stream.onAbort(() => {
          gone.abort();
        });
        const heartbeat = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS);
        try {
          for await (const { id, event } of deploy.events(from, gone.signal)) {
            const data = JSON.stringify(event);
            await stream.writeSSE({ event: event.type, id: String(id), data });
          }
        } finally {
          clearInterval(heartbeat);
        }
      });
    })
    .post('/deploy/:deployId/cancel', (context) => {
      assertMayRun(api);
      const deployId = context.req.param('deployId');
      deploys.cancel(deployId);
      return context.json({ deployId, status: 'cancelling' as const }, 202);
    })
    .get('/provenance/graph', async (context) =>
      context.json(await provenanceGraph(studio, await graphRequest(context.req.query()))),
    )
    .get('/provenance/graph.svg', async (context) => {
      const graph = await provenanceGraph(studio, await graphRequest(context.req.query()));
      return context.body(provenanceSvg(graph), 200, { 'content-type': 'image/svg+xml' });
    });
}

/** @throws MeshSimError `request-invalid` */
function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new MeshSimError('request-invalid', `The query's "${name}" must be a whole number.`);
}
