import * as z from 'zod/mini';
import { environmentsSchema } from './environments.ts';
import { planSchema } from './plan.ts';
import { registrySchema } from './registry.ts';

const SOURCES = {
  'mesh.services.schema.json': {
    title: 'Mesh-Sim Studio service registry',
    schema: registrySchema,
  },
  'mesh.environments.schema.json': {
    title: 'Mesh-Sim Studio environments',
    schema: environmentsSchema,
  },
  'meshplan.schema.json': { title: 'Mesh-Sim Studio plan', schema: planSchema },
};
export type SchemaFile = keyof typeof SOURCES;
export const SCHEMA_FILES = Object.keys(SOURCES) as SchemaFile[];

/** What editors complete and check while a person writes the file: JSON Schema 2020-12 of the input, defaults optional. */
export function jsonSchemaOf(file: SchemaFile): Record<string, unknown> {
  const { title, schema } = SOURCES[file];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { $schema, title, ...rest };
}
