import assert from 'node:assert/strict';
import { execa } from 'execa';
import { archivePieces } from '../../../src/capsule/archive.ts';
import { GitRepository } from '../../../src/capsule/gitRepository.ts';
import { sourceLister } from '../../../src/capsule/sourceTree.ts';
import { gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';

/** All of the tree that stands for a commit. */
const WHOLE = { repo: '.', path: '.' };

/** A tree of ten names, each the tree below: 10^levels paths of a few objects. */
async function nestedTree(folder: string, levels: number): Promise<string> {
  const make = async (input: string, ...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd: folder, input })).stdout.trim();
  let entry = `100644 blob ${await make('x', 'hash-object', '-w', '--stdin')}`;
  for (let level = 0; level < levels; level += 1) {
    const names = Array.from({ length: 10 }, (_, at) => `${entry}\t${at}\n`);
    entry = `040000 tree ${await make(names.join(''), 'mktree')}`;
  }
  return entry.split(' ')[2] ?? '';
}

describe('a repository of 10^8 paths', () => {
  it('is refused in one sentence, without listing them', async () => {
    const folder = await temporaryFolder();
    await gitIn(folder, 'init', '--quiet');
    const tree = await nestedTree(folder, 8);
    const before = process.memoryUsage.rss();
    const listing = sourceLister()(await GitRepository.open(folder), tree, WHOLE);
    assert.match(await sentenceOf('capsule-unsafe', listing), /more than 100000 files/);
    assert.ok(process.memoryUsage.rss() - before < 200 * 1024 ** 2, 'memory stays bounded');
  });
});

describe('a link in a repository', () => {
  for (const bytes of [1_100, 8 * 1024 ** 2]) {
    it(`with a target of ${bytes} bytes is refused in one short sentence`, async () => {
      const folder = await temporaryFolder();
      await gitIn(folder, 'init', '--quiet');
      const git = async (input: string, ...args: string[]) =>
        (await execa('git', args, { cwd: folder, input })).stdout.trim();
      const blob = await git('a/'.repeat(bytes / 2), 'hash-object', '-w', '--stdin');
      const tree = await git(`120000 blob ${blob}\tlink\n`, 'mktree');
      const list = sourceLister();
      const first = list(await GitRepository.open(folder), tree, WHOLE).then(({ entries }) =>
        archivePieces(entries).next(),
      );
      const sentence = await sentenceOf('capsule-unsafe', first);
      assert.match(
        sentence,
        bytes > 2_000 ? /a link whose target has 8388608 bytes/ : /"link" points to/,
      );
      assert.ok(sentence.length < 400, sentence.slice(0, 1_000));
    });
  }
});
