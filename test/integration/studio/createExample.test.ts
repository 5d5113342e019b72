import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readRegistry } from '../../../src/capsule/registryFile.ts';
import { createExample } from '../../../src/studio/capsules/createExample.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { isMeshSimError } from '../../support/errorCode.ts';
import { gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { workspaceIn } from '../../support/workspace.ts';

const SOURCE = path.join(import.meta.dirname, '../../../examples/harbor-pay');

describe('the example', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is a clean repository with an older commit, and packs', async () => {
    const target = path.join(folder, 'new', 'harbor-pay');

    await createExample(SOURCE, target);

    assert.equal(await gitIn(target, 'status', '--porcelain'), '');
    assert.equal((await gitIn(target, 'log', '--oneline')).split('\n').length, 2);
    const { registry, file } = await readRegistry(path.join(target, 'mesh.services.json'));
    assert.equal(registry.$schema, undefined);
    const { signal } = new AbortController();
    const request = { registryFile: file, allowDirty: false, signal };
    const packed = await packWorkspace(await workspaceIn(target), request);
    assert.equal(packed.capsule.manifest.services.length, 3);
  });

  it('is not written over a folder that is there', async () => {
    await assert.rejects(createExample(SOURCE, folder), isMeshSimError('usage', /exists already/));
  });
});
