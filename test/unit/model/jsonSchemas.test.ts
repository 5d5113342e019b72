import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { jsonSchemaOf, SCHEMA_FILES } from '../../../src/model/jsonSchemas.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

describe('JSON Schemas', () => {
  for (const file of SCHEMA_FILES) {
    it(`${file} is up to date (npm run schemas)`, async () => {
      const committed = JSON.parse(
        await readFile(path.join(ROOT, 'schemas', file), 'utf8'),
      ) as unknown;
      assert.deepEqual(committed, JSON.parse(JSON.stringify(jsonSchemaOf(file))));
    });
  }
});
