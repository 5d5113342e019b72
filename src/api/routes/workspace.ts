import path from 'node:path';
import { Hono } from 'hono/tiny';
import { streamSSE } from 'hono/streaming';
import { MeshSimError } from '../../base/errors.ts';
import { MAX_CAPSIM_BYTES } from '../../evidence/capsim.ts';
import { packRequestSchema, type Packed } from '../../model/api.ts';
import { listCapsules } from '../../studio/capsules/capsules.ts';
import { allLacks } from '../../studio/runs/machineLacks.ts';
import { checkExploration } from '../../studio/runs/checkExploration.ts';
import { listExplorations } from '../../studio/runs/explorations.ts';
import { evidenceOf } from '../../studio/runs/evidenceView.ts';
import { packWorkspace } from '../../studio/capsules/packCapsule.ts';
import { provenancePage } from '../../studio/provenance/provenancePage.ts';
import { REGISTRY_FILE, workspaceState } from '../../studio/workspace/workspaceState.ts';
import { assertMayRun, type ApiContext } from '../apiOptions.ts';
import { streamNotices } from '../noticeStream.ts';
import { readBytes, readJson } from '../requestBody.ts';

const PAGE_ROWS = 50;
const MAX_PAGE_ROWS = 200;

/** `/api/…`: the workspace, its provenance, its Capsules, and verification of any file. */
export function workspaceRoutes(api: ApiContext) {
  const { studio } = api;
  const { workspace } = studio;
  let looking: ReturnType<typeof allLacks> | undefined;
  // A machine gives what it gives: it is looked at once, when somebody asks.
  const machineLacks = () =>
    (looking ??= allLacks(workspace).catch((error: unknown) => {
      looking = undefined;
      throw error;
    }));
  return new Hono()
    .get('/health', (context) =>
      context.json({
        status: 'ok' as const,
        product: workspace.options.product,
        generation: studio.generation,
      }),
    )
    .get('/workspace', async (context) => context.json(await workspaceState(studio, api.refusal())))
    .get('/machine', async (context) => context.json({ lacks: await machineLacks() }))
    .get('/workspace/events', (context) =>
      streamSSE(context, (stream) => streamNotices(stream, api)),
    )
    .get('/provenance', async (context) => {
      const before = wholeNumber(context.req.query('before'), 'before');
      const limit = wholeNumber(context.req.query('limit'), 'limit') ?? PAGE_ROWS;
      const page = { limit: Math.min(Math.max(limit, 1), MAX_PAGE_ROWS) };
      return context.json(
        await provenancePage(studio, before === undefined ? page : { ...page, before }),
      );
    })
    .get('/capsules', async (context) => context.json(await listCapsules(workspace)))
    .post('/capsules', async (context) => {
      assertMayRun(api);
      const { registry = REGISTRY_FILE, allowDirty } = await readJson(context, packRequestSchema);
      const registryFile = insideWorkspace(workspace.paths.folder, registry);
      const { signal } = context.req.raw;
      const packed = await packWorkspace(workspace, { registryFile, allowDirty, signal });
      const row = (await workspace.index()).rows()[packed.ledgerIndex];
      const { manifest, capsuleHash } = packed.capsule;
      const answer: Packed = {
        capsuleHash,
        name: manifest.name,
        services: manifest.services.length,
        bytes: packed.bytes,
        ledgerIndex: packed.ledgerIndex,
        runId: row?.leafHash ?? '',
      };
      return context.json(answer, 201);
    })
    .get('/explorations', async (context) => context.json(await listExplorations(workspace)))
    .get('/explorations/:id', async (context) =>
      context.json(await checkExploration(workspace, context.req.param('id'))),
    )
    .post('/verify', async (context) => {
      const capsim = await readBytes(context, MAX_CAPSIM_BYTES, 'evidence-too-large');
      return context.json(await evidenceOf(workspace, capsim));
    });
}

/** A client names files of the workspace only. @throws MeshSimError `path-outside` */
function insideWorkspace(folder: string, file: string): string {
  const resolved = path.resolve(folder, file);
  const relative = path.relative(folder, resolved);
  if (!relative.startsWith('..') && !path.isAbsolute(relative)) return resolved;
  throw new MeshSimError('path-outside', `${file} is outside the workspace.`);
}

/** @throws MeshSimError `request-invalid` */
function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new MeshSimError('request-invalid', `The query's "${name}" must be a whole number.`);
}
