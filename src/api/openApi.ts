import * as z from 'zod';
import type { ErrorCode } from '../base/errors.ts';
import * as model from '../model/api.ts';
import { BUNDLE_MEDIA_TYPE } from '../model/evidence.ts';
import * as deploy from '../model/deployApi.ts';
import { eventSchema } from '../model/events.ts';
import { simIdSchema } from '../model/names.ts';
import { statusOf } from './problem.ts';

interface Operation {
  readonly summary: string;
  /** Parameters in the query or a header; those in the path are read off it. */
  readonly parameters?: readonly Parameter[];
  /** Schema of a JSON body, or the media type of one that is bytes. */
  readonly body?: z.ZodType | string;
  readonly status: number;
  readonly answer?: z.ZodType;
  /** Media type of the answer, where it is not JSON. */
  readonly media?: string;
  /** What can be wrong beside what the door refuses. */
  readonly errors?: readonly ErrorCode[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: z.ZodType;
}

/** Every route can answer these: see doorkeeper.ts. */
const DOOR_ERRORS: readonly ErrorCode[] = ['token-missing', 'request-foreign', 'internal'];
const START_ERRORS: readonly ErrorCode[] = [
  ...(['workspace-untrusted', 'signer-untrusted', 'run-busy', 'ledger-broken'] as const),
  ...(['plan-invalid', 'secret-missing', 'unknown-commit', 'interrupted', 'disk-failed'] as const),
];
const EVIDENCE_ERRORS: readonly ErrorCode[] = [
  ...(['run-unknown', 'run-unfinished', 'evidence-invalid', 'ledger-broken'] as const),
];
const PLACE: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  description:
    'where a client that was here before goes on; also as the query parameter lastEventId',
  schema: z.string(),
};
const TOKEN: Parameter = {
  name: 'token',
  in: 'query',
  description: 'the token, for EventSource, which cannot send headers',
  schema: z.string(),
};
const pageParameter = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: z.int().min(0),
});

/** "METHOD path" → what it does, takes and answers. A test holds it against the routes that exist. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /api/mesh-sim/start': {
    summary: 'Start a simulation of a Capsule',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'a repeated request with the same key gets the first answer',
        schema: z.string(),
      },
    ],
    body: model.startRequestSchema,
    status: 202,
    answer: model.startedSchema,
    errors: [
      ...START_ERRORS,
      ...(['request-invalid', 'body-too-large', 'idempotency-conflict'] as const),
      ...(['capsule-unknown', 'capsule-ambiguous', 'run-unknown'] as const),
    ],
  },
  'GET /api/mesh-sim/events': {
    summary: 'Follow a run: live, of another process, or recorded',
    parameters: [
      {
        name: 'simId',
        in: 'query',
        required: true,
        description: 'the run to follow',
        schema: simIdSchema,
      },
      PLACE,
      TOKEN,
    ],
    status: 200,
    answer: eventSchema,
    media: 'text/event-stream',
    errors: ['run-unknown', 'evidence-invalid', 'ledger-broken'],
  },
  'POST /api/mesh-sim/record': {
    summary: 'Seal a run, or return how it was sealed',
    body: model.recordRequestSchema,
    status: 200,
    answer: model.recordedSchema,
    errors: [
      ...EVIDENCE_ERRORS,
      ...(['request-invalid', 'body-too-large', 'result-differs', 'workspace-untrusted'] as const),
    ],
  },
  'GET /api/mesh-sim/result/{simId}': {
    summary: 'The signed artifact; with .capsim after the simId as a download',
    status: 200,
    media: BUNDLE_MEDIA_TYPE,
    errors: EVIDENCE_ERRORS,
  },
  'GET /api/mesh-sim/{simId}/evidence': {
    summary: 'The artifact verified, step by step',
    status: 200,
    answer: model.evidenceSchema,
    errors: EVIDENCE_ERRORS,
  },
  'POST /api/mesh-sim/{simId}/cancel': {
    summary: 'Stop a run; nothing is sealed',
    status: 202,
    answer: model.cancelledSchema,
    errors: ['run-unknown', 'run-elsewhere', 'workspace-untrusted'],
  },
  'POST /api/mesh-sim/{simId}/replay': {
    summary: 'Start the plan of a sealed run again',
    status: 202,
    answer: model.startedSchema,
    errors: [...START_ERRORS, ...EVIDENCE_ERRORS, 'capsule-unknown'],
  },
  'GET /api/health': { summary: 'Who answers', status: 200, answer: model.healthSchema },
  'GET /api/workspace': {
    summary: 'The workspace as it is now',
    status: 200,
    answer: model.workspaceStateSchema,
  },
  'GET /api/workspace/events': {
    summary: 'What changes in the workspace, by this process or another',
    parameters: [TOKEN],
    status: 200,
    answer: model.noticeSchema,
    media: 'text/event-stream',
  },
  'GET /api/provenance': {
    summary: 'The timeline, newest first, and the audit of the ledger',
    parameters: [
      pageParameter('before', 'rows of entries before this ledger index'),
      pageParameter('limit', 'rows to return, 1 to 200; default 50'),
    ],
    status: 200,
    answer: model.provenancePageSchema,
    errors: ['request-invalid'],
  },
  'GET /api/provenance/graph': {
    summary: 'The chain of trust',
    status: 200,
    answer: model.provenanceGraphSchema,
    errors: ['ledger-broken'],
  },
  'GET /api/provenance/graph.svg': {
    summary: 'The chain of trust as a drawing',
    status: 200,
    media: 'image/svg+xml',
  },
  'GET /api/environments': {
    summary: 'Environments; with ?capsule= what each gate would say of it, and all reasons',
    status: 200,
    answer: deploy.environmentListSchema,
  },
  'POST /api/deploy': {
    summary: 'Deploy a Capsule, if the gate lets it',
    body: deploy.deployRequestSchema,
    status: 202,
    answer: deploy.deployStartedSchema,
  },
  'POST /api/deploy/rollback': {
    summary: 'Go back to a Capsule that was deployed before',
    body: deploy.rollbackRequestSchema,
    status: 202,
    answer: deploy.deployStartedSchema,
  },
  'GET /api/deploy/{deployId}/events': {
    summary: 'Follow a deploy',
    parameters: [TOKEN],
    status: 200,
    answer: deploy.deployEventSchema,
    media: 'text/event-stream',
  },
  'POST /api/deploy/{deployId}/cancel': {
    summary: 'Cancel a deploy; what was active before stays active',
    status: 202,
    answer: deploy.deployCancelledSchema,
  },
  'GET /api/capsules': { summary: 'Packed Capsules', status: 200, answer: model.capsuleListSchema },
  'POST /api/capsules': {
    summary: 'Pack the workspace into a Capsule',
    body: model.packRequestSchema,
    status: 201,
    answer: model.packedSchema,
    errors: [
      ...(['request-invalid', 'workspace-untrusted', 'body-too-large', 'interrupted'] as const),
      ...(['registry-invalid', 'not-a-repository', 'dirty-tree', 'unknown-commit'] as const),
      ...(['path-outside', 'git-failed', 'capsule-unsafe', 'ledger-broken'] as const),
      ...(['ledger-locked', 'disk-failed'] as const),
    ],
  },
  'POST /api/verify': {
    summary: 'Verify a .capsim from anywhere',
    body: 'application/octet-stream',
    status: 200,
    answer: model.evidenceSchema,
    errors: ['evidence-too-large'],
  },
};

/**
 * OpenAPI 3.1, whose schemas are JSON Schema 2020-12 as zod writes it.
 * @param product name and version, such as "mesh-sim-studio 0.1.0"
 */
export function openApiDocument(product: string): Record<string, unknown> {
  const [title = '', version = ''] = product.split(' ');
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [key, operation] of Object.entries(OPERATIONS)) {
    const [method = '', route = ''] = key.split(' ');
    (paths[route] ??= {})[method.toLowerCase()] = describe(route, operation);
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(model.problemSchema, 'output') },
    },
    paths,
  };
}

function describe(route: string, operation: Operation): unknown {
  const { summary, body, status, answer, media = 'application/json' } = operation;
  const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const others = (operation.parameters ?? []).map(({ schema, ...parameter }) => ({
    ...parameter,
    schema: schemaOf(schema, 'input'),
  }));
  const schema = answer === undefined ? {} : { schema: schemaOf(answer, 'output') };
  return {
    summary,
    parameters: [...inPath, ...others],
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    responses: {
      [status]: { description: summary, content: { [media]: schema } },
      ...problemsOf([...DOOR_ERRORS, ...(operation.errors ?? [])]),
    },
  };
}

function bodyOf(body: z.ZodType | string): unknown {
  return typeof body === 'string'
    ? { required: true, content: { [body]: {} } }
    : { content: { 'application/json': { schema: schemaOf(body, 'input') } } };
}

/** One response per status, which says the codes that have it. */
function problemsOf(codes: readonly ErrorCode[]): Record<string, unknown> {
  const content = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  };
  const problems: Record<string, { description: string; content: unknown }> = {};
  for (const code of new Set(codes)) {
    const known = problems[statusOf(code)];
    const description = known === undefined ? code : `${known.description}, ${code}`;
    problems[statusOf(code)] = { description, content };
  }
  return problems;
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return { $schema, ...rest };
}
