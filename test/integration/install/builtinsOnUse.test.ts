import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { builtinsOnUse } from '../../../esbuild.builtins.mjs';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

const PROGRAM = `
  import { createHash } from 'node:crypto';
  import files from 'node:fs/promises';
  import * as packed from 'node:zlib';
  const loaded = () => process.moduleLoadList.filter((one) => /^NativeModule (crypto|fs.promises|zlib)$/.test(one));
  const before = loaded();
  const digest = createHash('sha256').update('text').digest('hex');
  const text = String(packed.gunzipSync(packed.gzipSync('text')));
  console.log(JSON.stringify({ before, digest, text, reads: typeof files.readFile, after: loaded().length }));
`;

describe('modules of Node.js that a bundle loads on use', () => {
  it('are not loaded before, and do what they do', async () => {
    await withTemporaryFolder(async (folder) => {
      const outfile = path.join(folder, 'program.cjs');
      await build({
        stdin: { contents: PROGRAM, resolveDir: folder },
        ...{ outfile, bundle: true, platform: 'node', format: 'cjs' },
        plugins: [builtinsOnUse(['crypto', 'fs/promises', 'zlib'])],
      });
      assert.deepEqual(JSON.parse(execFileSync(process.execPath, [outfile]).toString()), {
        before: [],
        digest: createHash('sha256').update('text').digest('hex'),
        text: 'text',
        reads: 'function',
        after: 3,
      });
    });
  });
});
