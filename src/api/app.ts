import { Hono } from 'hono/tiny';
import type { Studio } from '../studio/studio.ts';
import type { ApiOptions } from './apiOptions.ts';
import { openApiDocument } from './openApi.ts';
import { problemResponse, unknownRoute } from './problem.ts';
import { deployRoutes } from './routes/deploy.ts';
import { simulationRoutes } from './routes/simulations.ts';
import { workspaceRoutes } from './routes/workspace.ts';

/** The API as a function from Request to Response; docs/api.md tells its routes. Who may call it is the door's concern. */
export function createApi(studio: Studio, options: ApiOptions) {
  const api = { studio, ...options };
  return new Hono()
    .onError(problemResponse)
    .notFound(unknownRoute)
    .get('/api/openapi.json', (context) =>
      context.json(openApiDocument(studio.workspace.options.product)),
    )
    .route('/api/mesh-sim', simulationRoutes(api))
    .route('/api', deployRoutes(api))
    .route('/api', workspaceRoutes(api));
}

/** For the typed client of the page. */
export type StudioApi = ReturnType<typeof createApi>;
