import * as z from 'zod/mini';
import { environmentsSchema } from './environments.ts';
import { hostDemandSchema } from './hostDemand.ts';
import { hostsFileSchema } from './hosts.ts';
import { planSchema } from './plan.ts';
import { registrySchema, serviceSchema } from './registry.ts';
import { objectiveSchema } from './objective.ts';

const SOURCES = {
  'mesh.services.schema.json': {
    title: 'Mesh-Sim Studio service registry',
    schema: registrySchema,
  },
  'mesh.environments.schema.json': {
    title: 'Mesh-Sim Studio environments',
    schema: environmentsSchema,
  },
  'mesh.hosts.schema.json': { title: 'Mesh-Sim Studio hosts', schema: hostsFileSchema },
  'meshplan.schema.json': { title: 'Mesh-Sim Studio plan', schema: planSchema },
};
export type SchemaFile = keyof typeof SOURCES;
export const SCHEMA_FILES = Object.keys(SOURCES) as SchemaFile[];

/** Keywords zod has no words for. Editors tell by them what capsule/registryRules refuses. */
const KEYWORDS = new Map<unknown, object>([
  [hostDemandSchema, { minProperties: 1 }],
  [
    objectiveSchema,
    {
      if: {
        required: ['metric'],
        properties: { metric: { enum: ['time-to-healthy-ms', 'recovery-ms'] } },
      },
      then: { properties: { measuredBy: false } },
    },
  ],
  [
    serviceSchema,
    {
      if: { required: ['health'], properties: { health: { required: ['command'] } } },
      then: {
        properties: { objectives: { items: { properties: { measuredBy: { const: 'calls' } } } } },
      },
      allOf: [
        {
          if: { required: ['once'], properties: { once: { const: true } } },
          then: {
            properties: { health: { maxProperties: 1, propertyNames: { const: 'deadlineMs' } } },
          },
          else: {
            required: ['health'],
            properties: {
              health: { anyOf: ['http', 'tcp', 'command'].map((kind) => ({ required: [kind] })) },
            },
          },
        },
      ],
    },
  ],
]);

/** What editors complete and check while a person writes the file: JSON Schema 2020-12 of the input, defaults optional. */
export function jsonSchemaOf(file: SchemaFile): Record<string, unknown> {
  const { title, schema } = SOURCES[file];
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, KEYWORDS.get(zodSchema));
    },
  });
  return { $schema, title, ...rest };
}
