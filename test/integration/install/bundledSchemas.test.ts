import assert from 'node:assert/strict';
import path from 'node:path';
import { types } from 'node:util';
import { build } from 'esbuild';
import { schemasOnUse } from '../../../esbuild.schemas.mjs';
import { openApiDocument } from '../../../src/api/openApi.ts';
import { jsonSchemaOf, SCHEMA_FILES } from '../../../src/model/jsonSchemas.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

interface Bundled {
  readonly documents: Documents;
  readonly upgradeTriggers: readonly object[];
}
type Documents = readonly Record<string, unknown>[];

const SOURCES = path.join(import.meta.dirname, '../../../src');
const PROGRAM = `
  import { openApiDocument } from './api/openApi.ts';
  import { jsonSchemaOf, SCHEMA_FILES } from './model/jsonSchemas.ts';
  export { upgradeTriggers } from './model/upgradePlan.ts';
  export const documents = [openApiDocument('test'), ...SCHEMA_FILES.map(jsonSchemaOf)];
`;

describe('the schemas of a bundle, which are built on use', () => {
  let bundled: Bundled;
  before(async () => {
    bundled = await withTemporaryFolder(async (folder) => {
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
      return (await import(outfile)) as Bundled;
    });
  });

  it('stand in for each schema of a list whose type is stated', () => {
    assert.ok(bundled.upgradeTriggers.length > 0);
    for (const one of bundled.upgradeTriggers) assert.ok(types.isProxy(one));
  });

  it('say what those of the sources say', () => {
    assert.deepEqual(bundled.documents, [
      openApiDocument('test'),
      ...SCHEMA_FILES.map(jsonSchemaOf),
    ]);
  });
});
