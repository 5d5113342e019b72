import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';
import { schemasOnUse } from '../../../esbuild.schemas.mjs';
import { openApiDocument } from '../../../src/api/openApi.ts';
import { jsonSchemaOf, SCHEMA_FILES } from '../../../src/model/jsonSchemas.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

type Documents = readonly Record<string, unknown>[];

const SOURCES = path.join(import.meta.dirname, '../../../src');
const PROGRAM = `
  import { openApiDocument } from './api/openApi.ts';
  import { jsonSchemaOf, SCHEMA_FILES } from './model/jsonSchemas.ts';
  export const documents = [openApiDocument('test'), ...SCHEMA_FILES.map(jsonSchemaOf)];
`;

describe('the schemas of a bundle, which are built on use', () => {
  it('say what those of the sources say', async () => {
    const documents = await withTemporaryFolder(async (folder) => {
      const outfile = path.join(folder, 'documents.mjs');
      await build({
        stdin: { contents: PROGRAM, resolveDir: SOURCES },
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
        plugins: [schemasOnUse(SOURCES)],
      });
      return ((await import(outfile)) as { documents: Documents }).documents;
    });
    assert.deepEqual(documents, [openApiDocument('test'), ...SCHEMA_FILES.map(jsonSchemaOf)]);
  });
});
