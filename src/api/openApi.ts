import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import * as model from '../model/api.ts';
import { eventSchema } from '../model/events.ts';

interface Operation {
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly status: number;
  readonly answer?: z.ZodType;
  /** Media type of the answer, where it is not JSON. */
  readonly media?: string;
}

const streamOf = (summary: string, answer: z.ZodType): Operation => ({
  summary,
  status: 200,
  answer,
  media: 'text/event-stream',
});

/** "METHOD path" → what it does, takes and answers. A test holds it against the routes that exist. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /api/mesh-sim/start': {
    summary: 'Start a simulation of a Capsule',
    body: model.startRequestSchema,
    status: 202,
    answer: model.startedSchema,
  },
  'GET /api/mesh-sim/events': streamOf('Follow a run, live or recorded', eventSchema),
  'POST /api/mesh-sim/record': {
    summary: 'Seal a run, or return how it was sealed',
    body: model.recordRequestSchema,
    status: 200,
    answer: model.recordedSchema,
  },
  'GET /api/mesh-sim/result/{simId}': {
    summary: 'The signed artifact; with .capsim after the simId as a download',
    status: 200,
    media: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  },
  'GET /api/mesh-sim/{simId}/evidence': {
    summary: 'The artifact verified, step by step',
    status: 200,
    answer: model.evidenceSchema,
  },
  'POST /api/mesh-sim/{simId}/cancel': {
    summary: 'Stop a run; nothing is sealed',
    status: 202,
    answer: model.cancelledSchema,
  },
  'POST /api/mesh-sim/{simId}/replay': {
    summary: 'Start the plan of a sealed run again',
    status: 202,
    answer: model.startedSchema,
  },
  'GET /api/health': { summary: 'Who answers', status: 200, answer: model.healthSchema },
  'GET /api/workspace': {
    summary: 'The workspace as it is now',
    status: 200,
    answer: model.workspaceStateSchema,
  },
  'GET /api/workspace/events': streamOf('What changes in the workspace', model.noticeSchema),
  'GET /api/provenance': {
    summary: 'The timeline, newest first, and the audit of the ledger',
    status: 200,
    answer: model.provenancePageSchema,
  },
  'GET /api/provenance/graph': {
    summary: 'The chain of trust',
    status: 200,
    answer: model.provenanceGraphSchema,
  },
  'GET /api/capsules': { summary: 'Packed Capsules', status: 200, answer: model.capsuleListSchema },
  'POST /api/capsules': {
    summary: 'Pack the workspace into a Capsule',
    body: model.packRequestSchema,
    status: 201,
    answer: model.packedSchema,
  },
  'POST /api/verify': {
    summary: 'Verify a .capsim, sent as application/octet-stream',
    status: 200,
    answer: model.evidenceSchema,
  },
};

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12 as zod writes it. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [key, operation] of Object.entries(OPERATIONS)) {
    const [method = '', route = ''] = key.split(' ');
    (paths[route] ??= {})[method.toLowerCase()] = describe(route, operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: packageJson.displayName, version: packageJson.version },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

function describe(route: string, { summary, body, status, answer, media }: Operation): unknown {
  const parameters = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const problem = {
    'application/problem+json': { schema: schemaOf(model.problemSchema, 'output') },
  };
  const schema = answer === undefined ? {} : { schema: schemaOf(answer, 'output') };
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined
      ? {}
      : { requestBody: { content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: {
      [status]: { description: summary, content: { [media ?? 'application/json']: schema } },
      default: { description: 'Problem details (RFC 9457)', content: problem },
    },
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return { $schema, ...rest };
}
