import assert from 'node:assert/strict';
import { provenancePage } from '../../../src/studio/provenance/provenancePage.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { whileFlipped, whileMissing } from '../../support/alterFile.ts';
import { deployed, fresh, type Deployed } from '../../support/deployedCapsule.ts';
import { storedFiles, type SignedKind } from '../../support/storedFiles.ts';

/** What each rests on the next one of. */
const ROWS = ['deploy', 'gate-decision', 'simulation', 'pack'];

/** The row that may not be believed while such a file is another one. Chunks are left to the gate and the chain of trust. */
const FIRST: Partial<Record<SignedKind, string>> = {
  'pack envelope': 'pack',
  manifest: 'pack',
  'plain manifest': 'pack',
  'evidence envelope': 'simulation',
  capsim: 'simulation',
  events: 'simulation',
  plan: 'simulation',
  'decision envelope': 'gate-decision',
  'deploy envelope': 'deploy',
};
const NEEDED = ['pack envelope', 'manifest', 'evidence envelope', 'decision envelope'] as const;

/** That row and all that rest on it, newest first. */
function restingOn(row = ''): string[] {
  return ROWS.slice(0, ROWS.indexOf(row) + 1);
}

describe('a row of the timeline', () => {
  let deploy: Deployed;
  /** One for all questions, as an editor window has it: its answers may not outlive what they were read from. */
  let studio: Studio;
  before(async () => {
    deploy = await deployed();
    studio = new Studio(fresh(deploy.world));
  });
  after(() => deploy.world.dispose());

  async function assertUnproven(kinds: readonly string[], when: string): Promise<void> {
    const { runs, integrity } = await provenancePage(studio, { limit: 10 });
    assert.equal(integrity.status, 'intact', when);
    const unproven = runs.filter(({ isProven }) => !isProven);
    assert.deepEqual(
      unproven.map(({ kind }) => kind),
      kinds,
      when,
    );
    for (const { problem } of unproven) assert.match(problem ?? '', /^[^\n]+\.$/, when);
    assert.ok(runs.every(({ isProven, problem }) => isProven === (problem === undefined)));
    assert.equal(runs.length, 4, when);
  }

  const filesOf = async (kind: string) =>
    (await storedFiles(deploy.world.workspace)).filter((one) => one.kind === kind);

  for (const [kind, row] of Object.entries(FIRST)) {
    it(`is unproven, with all that rest on it, while a byte of its ${kind} is another one`, async () => {
      const files = await filesOf(kind);
      assert.notEqual(files.length, 0);
      for (const { file } of files) {
        await assertUnproven([], `before ${file}`);
        await whileFlipped(file, 40, () => assertUnproven(restingOn(row), file));
        await assertUnproven([], `after ${file}`);
      }
    });
  }

  for (const kind of NEEDED) {
    it(`is unproven, with all that rest on it, while its ${kind} is missing`, async () => {
      for (const { file } of await filesOf(kind)) {
        await whileMissing(file, () => assertUnproven(restingOn(FIRST[kind]), file));
      }
      await assertUnproven([], 'after');
    });
  }

  it('is unproven while its signer is not trusted here', async () => {
    const { configFolder } = deploy.world.workspace.options;
    await whileMissing(`${configFolder}/allowed_signers`, () => assertUnproven(ROWS, 'no signer'));
    await assertUnproven([], 'after');
  });
});
