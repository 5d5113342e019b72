import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { KeeperPipe, type KeeperPipeOptions } from '../../../src/runtime/hosts/pipes/keeperPipe.ts';
import type { PipesMessage } from '../../../src/runtime/hosts/pipes/control.ts';
import { LOADER } from '../../../src/runtime/hosts/remote/loader.ts';
import { sha256OfFile } from '../../../src/signing/fileDigest.ts';
import { WINDOW_BYTES } from '../../../src/wire/mux/muxStream.ts';

const SOURCE = path.join(import.meta.dirname, '../../support/rudeKeeper.ts');

describe('the pipe to a host that is not as it should be', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-sim-pipe-'));
  const keeper = path.join(folder, 'keeper.cjs');
  let pipe: KeeperPipe;
  let posted: PipesMessage[];
  let onPost: () => void;
  before(() => {
    buildSync({
      ...{ entryPoints: [SOURCE], outfile: keeper, bundle: true, platform: 'node', format: 'cjs' },
    });
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    pipe.close();
    await until(() => posted.some(({ type }) => type === 'gone'));
  });

  async function open(more: Partial<KeeperPipeOptions> = {}): Promise<void> {
    posted = [];
    onPost = () => undefined;
    const digest = await sha256OfFile(keeper);
    const args = ['-e', LOADER, digest];
    pipe = new KeeperPipe({
      open: { type: 'open', node: 1, file: process.execPath, args, keeper },
      post: (message) => {
        posted.push(message);
        onPost();
      },
      untilRoom: () => undefined,
      emulatorPort: () => undefined,
      ...more,
    });
    pipe.tell({ order: 'welcome' });
  }

  /** In the place of ssh. @returns how it went */
  async function gone(script: string): Promise<Extract<PipesMessage, { type: 'gone' }>> {
    await open({ open: { type: 'open', node: 1, file: 'sh', args: ['-c', script], keeper } });
    const end = () => posted.find((one) => one.type === 'gone');
    await until(() => end() !== undefined);
    return end()!;
  }

  it('lets its program say how it ends, though nothing comes from there any more', async () => {
    // As ssh does: the far side's output ends before its exit status arrives.
    const { code, words } = await gone(
      'exec 1>&-; cat > /dev/null; echo no such program >&2; exit 127',
    );
    assert.deepEqual([code, words], [127, 'no such program\n']);
  });

  it('keeps the words of a program that took nothing', async () => {
    // Meanwhile its pings find nobody who reads.
    const busy = 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done';
    const { code, words } = await gone(
      `exec 0<&-; ${busy}; echo Host key verification failed. >&2; exit 255`,
    );
    assert.deepEqual([code, words], [255, 'Host key verification failed.\n']);
  });

  it('says which signal ended its program', async () => {
    const { code, signal } = await gone('kill -9 $$');
    assert.deepEqual([code, signal], [null, 'SIGKILL']);
  });

  it('says of what is no word of a keeper that it is none', async () => {
    // A frame of the control channel, as long as it says, that holds no JSON.
    const { refusal } = await gone(`printf '\\0\\0\\2\\0\\0no'; exec cat > /dev/null`);
    assert.equal(refusal, 'The keeper of a node says what is no JSON: it is not one of ours.');
  });

  /** Whenever something was posted. */
  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      onPost = () => {
        if (holds()) resolve();
      };
      onPost();
    });
  }
  const clocks = () => posted.filter(({ type }) => type === 'clock').length;
  const lines = () => posted.filter(({ type }) => type === 'lines').length;

  it('says of a file of which nothing is taken that it did not arrive, while pings are answered', async () => {
    await open({ stalledMs: 300 });
    const file = path.join(folder, 'file');
    writeFileSync(file, Buffer.alloc(2 * WINDOW_BYTES));
    pipe.upload('a'.repeat(64), file);
    const failed = () =>
      posted.flatMap((one) => (one.type === 'said' ? [one.message as { problem?: string }] : []));
    await until(() => failed().length > 0);
    assert.deepEqual(failed(), [
      {
        ...{ type: 'stored', digest: 'a'.repeat(64) },
        problem: 'nothing of a file was taken for 0.3 s',
      },
    ]);
    await until(() => clocks() > 0);
  });

  it('takes no more of what an agent says while nobody takes that from here, and goes on with pings', async () => {
    let resume: () => void = () => undefined;
    let asked = 0;
    const untilRoom = () => {
      asked += 1;
      return asked > 1 ? undefined : new Promise<void>((resolve) => (resume = resolve));
    };
    await open({ untilRoom });
    pipe.tell({ order: 'start', life: 0 });
    await until(() => lines() === 1);
    // Pings overtake: what an agent says would have come long before the last of them.
    const before = clocks();
    await until(() => clocks() > before + 1);
    assert.equal(lines(), 1);
    resume();
    await until(() => lines() > 3);
  });

  for (const [life, what] of [
    'agents',
    'words of an agent',
    'answers to pings',
    'streams that it opens and breaks off',
    'ends of streams',
    'news of what it has read',
    'words that are long',
  ].entries()) {
    if (life === 0) continue;
    it(`is no more heard when it floods: ${what}`, async () => {
      await open();
      pipe.tell({ order: 'start', life });
      const gone = () => posted.flatMap((one) => (one.type === 'gone' ? [one.refusal] : []));
      await until(() => gone().length > 0);
      assert.deepEqual(gone(), [
        'The keeper of a node says more than it is asked for: it is not one of ours.',
      ]);
      const said = posted.filter(({ type }) => type === 'said').length;
      assert.ok(said <= 12_000, String(said));
    });
  }
});
