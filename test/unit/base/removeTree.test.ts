import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeTree } from '../../../src/base/removeTree.ts';

/** Whom permissions count for, in the place of root. */
const NOBODY = 65_534;

describe('removing a folder', () => {
  let outside: string;
  beforeEach(async () => {
    outside = await mkdtemp(path.join(tmpdir(), 'remove-tree-'));
  });
  afterEach(() => rm(outside, { recursive: true, force: true }));

  it('takes what stands in folders that nobody may write to along, and nothing links lead to', async function () {
    if (process.platform === 'win32') this.skip();
    const kept = path.join(outside, 'kept');
    const folder = path.join(outside, 'modules');
    const inner = path.join(folder, 'module@v1');
    await mkdir(inner, { recursive: true });
    await mkdir(kept);
    await writeFile(path.join(inner, 'go.mod'), '');
    await symlink(kept, path.join(inner, 'link'));
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const one of [outside, folder, inner]) await chown(one, NOBODY, NOBODY);
    for (const one of [inner, folder, kept]) await chmod(one, 0o555);
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      await removeTree(folder);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    assert.deepEqual([existsSync(folder), existsSync(kept)], [false, true]);
    await chmod(kept, 0o755);
  });

  it('is content where there is none', async () => {
    await removeTree(path.join(outside, 'none'));
  });
});
