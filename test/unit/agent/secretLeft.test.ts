import assert from 'node:assert/strict';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { secretLeftIn } from '../../../src/agent/services/secretLeft.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const SECRETS = { TOKEN: 't0ps3cret', OTHER: 'an0thers3cret' };

describe('agent: secrets that builds leave', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    await mkdir(path.join(folder, 'out/deep'), { recursive: true });
    await writeFile(path.join(folder, 'signed.txt'), SECRETS.TOKEN);
    await symlink('/proc/self/environ', path.join(folder, 'out/link'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are found by secret and file, over the seams of what is read at once', async () => {
    // Files are read in pieces of 64 KiB.
    const text = `${'x'.repeat(65_536 - 4)}${SECRETS.OTHER} and more`;
    await writeFile(path.join(folder, 'out/deep/.npmrc'), text);
    const left = await secretLeftIn(folder, ['signed.txt'], SECRETS);
    assert.deepEqual(left, { secret: 'OTHER', file: 'out/deep/.npmrc' });
  });

  it('are not looked for in what was signed, through links, or where a build has none', async () => {
    await writeFile(path.join(folder, 'out/made.txt'), 'made');
    assert.equal(await secretLeftIn(folder, ['signed.txt'], SECRETS), undefined);
    assert.equal(await secretLeftIn(folder, [], {}), undefined);
  });
});
