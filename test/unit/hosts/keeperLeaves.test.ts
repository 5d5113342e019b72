import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';
import { Mux } from '../../../src/wire/mux/mux.ts';

const SOURCE = path.join(import.meta.dirname, '../../../src/runtime/hosts/keeper/main.ts');

describe('a keeper whose orchestrator goes while it makes its folders', () => {
  it('ends without a word, and leaves none of them', () =>
    withTemporaryFolder(async (folder) => {
      const outfile = path.join(folder, 'keeper.cjs');
      buildSync({
        ...{ entryPoints: [SOURCE], outfile, bundle: true, platform: 'node', format: 'cjs' },
      });
      const cache = path.join(folder, 'cache');
      const keeper = spawn(process.execPath, [outfile], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, MESH_SIM_CACHE: cache },
      });
      const words = text(keeper.stderr);
      const ended = once(keeper, 'close');
      const mux = new Mux({
        ...{ input: keeper.stdout, output: keeper.stdin, isOpener: true },
        onMessage: () => undefined,
        onStream: () => undefined,
        onClosed: () => undefined,
      });
      const simId = 'e5a1c8c2-0c7b-4a55-9d0e-3f1f6f0d9b11';
      mux.send({ ask: 'prepare', id: 1, simId, nodeId: 'n1' });
      keeper.stdin.end();
      assert.deepEqual(await ended, [0, null]);
      assert.equal(await words, '');
      assert.deepEqual(readdirSync(path.join(cache, 'hosted/runs')), []);
    }));
});
