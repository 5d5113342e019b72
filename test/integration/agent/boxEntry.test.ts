import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { doorPrograms } from '../../../src/agent/box/doorProgram.ts';
import { Box } from '../../../src/agent/box/box.ts';
import { DIST } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const DOOR = path.join(DIST, 'door.cjs');

for (const doorProgram of doorPrograms(DOOR)) {
  describe(`agent/box: whether programs can enter it, with a door in ${path.basename(doorProgram.file)}`, () => {
    let folder: string;
    before(async () => {
      folder = await temporaryFolder();
    });
    after(() => rm(folder, { recursive: true, force: true }));

    /** The id that the first program after `enters` has inside: processes of a box are numbered from one, without gaps. */
    async function nextInside(enters?: (box: Box) => Promise<boolean>): Promise<number> {
      const box = await Box.open({
        ...{ door: DOOR, doorProgram, folder, files: [], cover: [], index: 0, enters },
      });
      if ('unavailable' in box || box.isolation !== 'full') return 0;
      const found = idInside(box);
      await box.close();
      return found;
    }
    function idInside(box: Box): number {
      const { file, args } = box.commandInside('/bin/sh', ['-c', 'echo $$'], folder);
      return Number(execFileSync(file, args, { cwd: folder, env: {} }).toString());
    }

    it('is shown by what enters it anyway, and tried where nothing did', async function () {
      const tried = await nextInside();
      if (tried === 0) this.skip();
      assert.equal(await nextInside(() => Promise.resolve(false)), tried);
      let first = 0;
      const enters = (box: Box) => {
        first = idInside(box);
        return Promise.resolve(true);
      };
      assert.equal(await nextInside(enters), first + 1);
      assert.equal(first + 1, tried);
    });
  });
}
