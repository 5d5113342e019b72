import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as z from 'zod/mini';
import { createApi } from '../../../src/api/app.ts';
import { openApiDocument } from '../../../src/api/openApi.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { workspaceIn } from '../../support/workspace.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

/** The parts of OpenAPI 3.1.0 (section 4.8) that the document uses, and nothing that it does not define. */
const jsonSchema = z.record(z.string(), z.unknown());
const content = z.record(
  z.string().check(z.regex(/^[\w.+-]+\/[\w.+-]+$/)),
  z.strictObject({ schema: z.optional(jsonSchema) }),
);
const operation = z.strictObject({
  summary: z.string().check(z.minLength(1)),
  parameters: z.array(
    z.strictObject({
      name: z.string().check(z.minLength(1)),
      in: z.enum(['query', 'header', 'path']),
      required: z.optional(z.boolean()),
      description: z.optional(z.string()),
      schema: jsonSchema,
    }),
  ),
  requestBody: z.optional(z.strictObject({ required: z.optional(z.boolean()), content })),
  responses: z.record(
    z.string().check(z.regex(/^[1-5]\d\d$/)),
    z.strictObject({ description: z.string().check(z.minLength(1)), content }),
  ),
});
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string().check(z.regex(/^\d+\.\d+\.\d+/)) }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  components: z.strictObject({
    securitySchemes: z.record(z.string(), jsonSchema),
    schemas: z.record(z.string().check(z.regex(/^[\w.-]+$/)), jsonSchema),
  }),
  paths: z.record(
    z.string().check(z.startsWith('/')),
    z.partialRecord(z.enum(['get', 'put', 'post', 'delete', 'patch']), operation),
  ),
});

const PRODUCT = 'mesh-sim-studio 1.2.3';

describe('the OpenAPI document', () => {
  it('describes every route of the app and no other', async () => {
    const studio = new Studio(await workspaceIn(await temporaryFolder()));
    const routes = createApi(studio, { refusal: () => undefined }).routes;
    const served = routes
      .filter(({ path }) => path.startsWith('/api/') && !path.endsWith('openapi.json'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      .map((route) => route.replace('{file}', '{simId}'));
    assert.deepEqual([...new Set(served)].sort(), Object.keys(OPERATIONS).sort());
  });

  it('has the shape OpenAPI 3.1 asks for, and every route says what can go wrong', () => {
    const document = documentSchema.parse(JSON.parse(JSON.stringify(openApiDocument(PRODUCT))));
    for (const [route, operations] of Object.entries(document.paths)) {
      const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const [method, { parameters, responses }] of Object.entries(operations)) {
        const what = `${method} ${route}`;
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        assert.deepEqual(
          inPath.map(({ name, required }) => [name, required]),
          named.map((name) => [name, true]),
          what,
        );
        const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
        assert.equal(new Set(names).size, names.length, what);
        const problems = Object.entries(responses).filter(([status]) => Number(status) >= 400);
        for (const status of ['401', '403', '500']) assert.ok(responses[status], what);
        for (const [, { content }] of problems) {
          assert.deepEqual(Object.keys(content), ['application/problem+json'], what);
        }
      }
    }
  });

  it('refers only to what is in it', () => {
    const document = openApiDocument(PRODUCT);
    const text = JSON.stringify(document);
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = pointer
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
      assert.equal(typeof target, 'object', pointer);
    }
    assert.doesNotMatch(text, /"\$ref":"[^#]/);
  });

  it('lists the problems that a client is to expect', () => {
    const { paths } = documentSchema.parse(openApiDocument(PRODUCT));
    const statuses = (route: string): string =>
      Object.keys(paths[route]?.post?.responses ?? {}).join(' ');
    assert.equal(statuses('/api/mesh-sim/start'), '202 400 401 403 404 409 413 422 500 503 507');
    assert.equal(statuses('/api/verify'), '200 401 403 413 500');
    assert.equal(statuses('/api/mesh-sim/{simId}/cancel'), '202 401 403 404 409 500');
  });
});
