import assert from 'node:assert/strict';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { saveNewPlan } from '../../../src/studio/runs/savePlan.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

describe('saving a plan', () => {
  let folder: string;
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const plan = virtualPlan({ seed: 609 });
  const named = (name: string) => path.join(folder, `${name}.meshplan.json`);

  it('writes a file that is read as the same plan', async () => {
    assert.equal(await saveNewPlan(folder, 'found', plan), named('found'));
    const text = await readFile(named('found'), 'utf8');
    assert.deepEqual(parsePlan(JSON.parse(text), 'found'), plan);
  });

  it('writes over nothing, whatever has the name, and once only', async () => {
    await writeFile(named('found'), 'mine');
    await mkdir(named('found-2'));
    await symlink('nowhere', named('found-3'));
    assert.equal(await saveNewPlan(folder, 'found', plan), named('found-4'));
    assert.equal(await saveNewPlan(folder, 'found', plan), named('found-4'));
    assert.equal(await readFile(named('found'), 'utf8'), 'mine');
    const other = virtualPlan({ seed: 610 });
    assert.equal(await saveNewPlan(folder, 'found', other), named('found-5'));
  });

  it('says where it cannot write', async () => {
    const saving = saveNewPlan(path.join(folder, 'missing'), 'found', plan);
    await assert.rejects(saving, {
      code: 'disk-failed',
      message: /could not be written \(ENOENT\)/,
    });
  });
});
