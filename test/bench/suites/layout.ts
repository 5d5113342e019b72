import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BuildCache } from '../../../src/agent/services/buildCache.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { costOf, interleave, spreadOf } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const NODES = 5;
/** A small node_modules. */
const FILES = 20_000;
const QUICK_FILES = 500;
const FILES_IN_FOLDER = 50;
const FILE_BYTES = 6_000;
/** A round writes ten trees. */
const ROUNDS = 3;
const KEY = 'a'.repeat(64);

async function builtTree(folder: string, files: number): Promise<void> {
  const content = 'x'.repeat(FILE_BYTES);
  for (let file = 0; file < files; file += 1) {
    const own = path.join(folder, `p${Math.floor(file / FILES_IN_FOLDER)}`);
    if (file % FILES_IN_FOLDER === 0) await mkdir(own, { recursive: true });
    await writeFile(path.join(own, `f${file}.js`), `${content}${file}`);
  }
}

async function systemCopy(from: string, to: string): Promise<void> {
  const child = spawn('cp', ['-a', from, to], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`cp -a ${from} ended with ${code}`);
}

/** The same for every node, at once, each in a folder of its own. */
async function onNodes(
  folder: string,
  work: (target: string) => Promise<unknown>,
): Promise<number> {
  await mkdir(folder);
  const nodes = Array.from({ length: NODES }, (_, node) => path.join(folder, `n${node}`));
  const { wallMs } = await costOf(() => Promise.all(nodes.map(work)));
  return wallMs;
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { scratch, quick, meter } = context;
  const files = quick ? QUICK_FILES : FILES;
  const built = path.join(scratch, 'built');
  await builtTree(built, files);
  const cache = new BuildCache(path.join(scratch, 'cache'));
  const saved = await costOf(() =>
    cache.save(KEY, { service: 'web', folder: built, signedPaths: [] }),
  );
  let turn = 0;
  const next = () => path.join(scratch, `turn${(turn += 1)}`);
  const measured = await interleave(
    {
      kept: () =>
        onNodes(next(), async (target) => {
          await mkdir(target);
          if (!(await cache.restore(KEY, target))) throw new Error('the result was not kept whole');
        }),
      copied: () => onNodes(next(), (target) => systemCopy(built, target)),
    },
    { rounds: roundsOf(context, ROUNDS), meter },
  );
  const what = `${files} files of ${FILE_BYTES} bytes, ${NODES} nodes at once`;
  return [
    {
      name: 'a kept result laid out against cp -a',
      unit: '×',
      spread: spreadOf(measured, ({ kept, copied }) => kept / copied),
      target: atMost(1.5),
      note: `${what}: checked by what the file system knows of each entry, and copied`,
    },
    {
      name: 'a kept result laid out on all nodes',
      unit: 's',
      spread: spreadOf(measured, ({ kept }) => kept / 1_000),
      target: atMost(10),
      note: `keeping it took ${(saved.wallMs / 1_000).toFixed(1)} s, once`,
    },
    {
      name: 'cp -a on all nodes',
      unit: 's',
      spread: spreadOf(measured, ({ copied }) => copied / 1_000),
    },
  ];
}

export const suite: Suite = { title: 'layout', run };
