import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StateFolders } from '../../../src/agent/stateFolders.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

describe('agent: state folders between two Capsules', () => {
  let folder: string;
  let state: StateFolders;
  beforeEach(async () => {
    folder = await temporaryFolder();
    await mkdir(path.join(folder, 'web/db'), { recursive: true });
    await writeFile(path.join(folder, 'web/db/rows'), 'one');
    state = new StateFolders(folder);
    await state.leave();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are as they were left, whatever came to them', async () => {
    await mkdir(path.join(folder, 'api'));
    assert.deepEqual(await state.find(), { entries: 3 });
  });

  it('have lost what was changed or is gone, and it is named', async () => {
    await writeFile(path.join(folder, 'web/db/rows'), 'other');
    assert.deepEqual(await state.find(), { entries: 3, lost: 'web/db/rows' });
    await rm(path.join(folder, 'web'), { recursive: true });
    assert.deepEqual(await state.find(), { entries: 3, lost: 'web' });
  });

  it('are empty where there are none', async () => {
    const none = new StateFolders(path.join(folder, 'none'));
    await none.leave();
    assert.deepEqual(await none.find(), { entries: 0 });
  });
});
