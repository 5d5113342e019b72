import { Hono } from 'hono/tiny';
import { streamSSE } from 'hono/streaming';
import { MeshSimError } from '../../base/errors.ts';
import {
  recordRequestSchema,
  startRequestSchema,
  type Recorded,
  type RecordRequest,
  type Started,
} from '../../model/api.ts';
import { linkRequestSchema } from '../../model/linksApi.ts';
import { PCAPNG_MEDIA_TYPE } from '../../model/captureMode.ts';
import { BUNDLE_MEDIA_TYPE } from '../../model/evidence.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import { captureOf } from '../../studio/runs/capture.ts';
import { compareRecorded } from '../../studio/runs/comparedRuns.ts';
import { evidenceOfRun } from '../../studio/runs/evidenceView.ts';
import { planOfRequest } from '../../studio/runs/planRequest.ts';
import { findRun, readStatement } from '../../studio/runs/runs.ts';
import { assertMayRun, type ApiContext } from '../apiOptions.ts';
import { Idempotency } from '../idempotency.ts';
import { readJson } from '../requestBody.ts';
import { placeOf, streamRun } from '../runStream.ts';

const CAPSIM = '.capsim';

/** `/api/mesh-sim/…`: start, follow, cancel, replay, record and read runs. */
export function simulationRoutes(api: ApiContext) {
  const { simulations, workspace, generation } = api.studio;
  const starts = new Idempotency<Started>();
  return new Hono()
    .post('/start', async (context) => {
      assertMayRun(api);
      const request = await readJson(context, startRequestSchema);
      const { capture, hold, ...asked } = request;
      const key = context.req.header('idempotency-key');
      const start = async (): Promise<Started> =>
        simulations.start(await planOfRequest(workspace, asked), { capture, hold });
      return context.json(await starts.once(key, request, start), 202);
    })
    .get('/events', async (context) => {
      const buffer = await simulations.events(context.req.query('simId') ?? '');
      const lastEventId = context.req.header('last-event-id') ?? context.req.query('lastEventId');
      const place = placeOf(lastEventId, generation);
      return streamSSE(context, (stream) => streamRun(stream, buffer, place, api.heartbeatMs));
    })
    .post('/record', async (context) => {
      assertMayRun(api);
      return context.json(await record(api, await readJson(context, recordRequestSchema)));
    })
    .get('/result/:file', async (context) => {
      const file = context.req.param('file');
      const isDownload = file.endsWith(CAPSIM);
      const run = await findRun(workspace, isDownload ? file.slice(0, -CAPSIM.length) : file);
      const disposition = { 'content-disposition': `attachment; filename="${run.simId}${CAPSIM}"` };
      return context.body(Buffer.from(run.capsim), 200, {
        'content-type': BUNDLE_MEDIA_TYPE,
        ...(isDownload ? disposition : {}),
      });
    })
    .get('/compare', async (context) => {
      const { a = '', b = '' } = context.req.query();
      return context.json(await compareRecorded(workspace, a, b));
    })
    .get('/:simId/evidence', async (context) =>
      context.json(await evidenceOfRun(workspace, context.req.param('simId'))),
    )
    .get('/:simId/pcap', async (context) => {
      const { simId, file } = await captureOf(workspace, context.req.param('simId'));
      return context.body(new Uint8Array(file), 200, {
        'content-type': PCAPNG_MEDIA_TYPE,
        'content-disposition': `attachment; filename="${simId}.pcapng"`,
      });
    })
    .get('/:simId/links', (context) =>
      context.json(simulations.lookedAt.list(context.req.param('simId'))),
    )
    .post('/:simId/links', async (context) => {
      assertMayRun(api);
      const target = await readJson(context, linkRequestSchema);
      return context.json(await simulations.lookedAt.open(context.req.param('simId'), target));
    })
    .post('/:simId/end', (context) => {
      assertMayRun(api);
      const simId = context.req.param('simId');
      simulations.lookedAt.end(simId);
      return context.json({ simId, status: 'ending' as const }, 202);
    })
    .post('/:simId/cancel', async (context) => {
      assertMayRun(api);
      const simId = context.req.param('simId');
      await simulations.assertNotElsewhere(simId);
      simulations.cancel(simId);
      return context.json({ simId, status: 'cancelling' as const }, 202);
    })
    .post('/:simId/replay', async (context) => {
      assertMayRun(api);
      return context.json(await simulations.replay(context.req.param('simId')), 202);
    });
}

/** Runs seal themselves when they end: this waits for that, says where, and compares what the client believes. */
async function record(api: ApiContext, { simId, result }: RecordRequest): Promise<Recorded> {
  const { simulations, workspace } = api.studio;
  if (simulations.isRunning(simId)) await simulations.finished(simId);
  const run = await findRun(workspace, simId);
  const statement = await readStatement(workspace, run.capsim, `Simulation ${simId}`);
  const observed = statement.predicate.meshsim_evidence.result;
  if (result !== undefined && !isSame(result, observed)) {
    throw new MeshSimError(
      'result-differs',
      `The result sent for ${simId} is not what was observed: only what this orchestrator saw is signed.`,
    );
  }
  const row = (await workspace.index()).rows()[run.ledgerIndex];
  return {
    simId: run.simId,
    outcome: observed.outcome,
    ledgerIndex: run.ledgerIndex,
    runId: row?.leafHash ?? '',
  };
}

function isSame(sent: unknown, observed: unknown): boolean {
  try {
    return Buffer.compare(canonicalBytes(sent), canonicalBytes(observed)) === 0;
  } catch {
    return false;
  }
}
