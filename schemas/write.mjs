import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { jsonSchemaOf, SCHEMA_FILES } from '../src/model/jsonSchemas.ts';

/** Rewrites the JSON Schemas beside this file from the zod schemas in src/model. */
for (const file of SCHEMA_FILES) {
  const text = JSON.stringify(jsonSchemaOf(file));
  const options = { parser: 'json', printWidth: 100, objectWrap: 'preserve' };
  writeFileSync(path.join(import.meta.dirname, file), await format(text, options));
}
