import * as z from 'zod/mini';
import type { ErrorCode } from '../base/errors.ts';
import * as model from '../model/api.ts';
import type { Operation } from './operation.ts';
import { DOOR_ERRORS, OPERATIONS } from './operations.ts';
import { statusOf } from './problem.ts';

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

function bodyOf(body: z.ZodMiniType | string): unknown {
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

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return { $schema, ...rest };
}
