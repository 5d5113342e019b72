import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { archivePieces } from '../../../src/capsule/archive.ts';
import { sourceLister } from '../../../src/capsule/sourceTree.ts';
import { GitRepository } from '../../../src/capsule/gitRepository.ts';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule } from '../../../src/capsule/pack.ts';
import { gitIn } from '../../support/harborPay.ts';
import { atLeast, single, type FigureInput } from '../figure.ts';
import { costOf, interleave, spreadOf, type Cost } from '../measure.ts';
import { sourceProduct, type SampleProduct } from '../sampleRepository.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const MIB = 1024 * 1024;

/** `git archive HEAD app | cat`: the bytes, and what they cost. */
async function gitArchive(folder: string): Promise<Cost & { bytes: number }> {
  let bytes = 0;
  const cost = await costOf(async () => {
    const git = spawn('git', ['-C', folder, 'archive', '--format=tar', 'HEAD', 'app'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const cat = spawn('cat', { stdio: [git.stdout, 'pipe', 'inherit'] });
    cat.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await Promise.all([once(cat, 'close'), once(git, 'exit')]);
  });
  return { ...cost, bytes };
}

async function packOnce({ registryFile }: SampleProduct, folder: string): Promise<string> {
  const capsule = await packCapsule({ registryFile, store: new ObjectStore(folder) });
  return capsule.capsuleHash;
}

async function ownArchive({ folder }: SampleProduct): Promise<number> {
  const repository = await GitRepository.open(folder);
  const commit = await repository.resolveCommit('HEAD');
  const { entries } = await sourceLister()(repository, commit, { repo: '.', path: 'app' });
  let bytes = 0;
  for await (const piece of archivePieces(entries)) bytes += piece.length;
  return bytes;
}

/** Settings that change what `git archive`, `git show` or a checkout print. */
const HOSTILE_SETTINGS = [
  ['core.autocrlf', 'input'],
  ['core.quotePath', 'false'],
  ['core.abbrev', '5'],
  ['tar.umask', '077'],
  ['log.showSignature', 'true'],
  ['i18n.logOutputEncoding', 'latin1'],
] as const;

interface World {
  readonly name: string;
  readonly product: SampleProduct;
}

/** The same commit under other configurations of git, and in a clone that stores it differently. */
async function otherWorlds(product: SampleProduct, scratch: string): Promise<World[]> {
  const configured = path.join(scratch, 'configured');
  await gitIn(scratch, 'clone', '--quiet', '--no-local', product.folder, configured);
  for (const [name, value] of HOSTILE_SETTINGS) await gitIn(configured, 'config', name, value);
  await writeFile(
    path.join(configured, '.git/info/attributes'),
    '*.js export-subst ident\n*.bin export-ignore\n',
  );
  const repacked = path.join(scratch, 'repacked');
  await gitIn(scratch, 'clone', '--quiet', '--no-local', product.folder, repacked);
  await gitIn(repacked, 'repack', '-adfq', '--depth=10', '--window=5');
  const clone = (folder: string) => ({
    folder,
    registryFile: path.join(folder, 'mesh.services.json'),
  });
  return [
    { name: 'local configuration', product: clone(configured) },
    { name: 'clone, repacked', product: clone(repacked) },
  ];
}

/** Runs an action as a user whose own git configuration, language and time zone differ. */
async function asAnotherUser<T>(scratch: string, action: () => Promise<T>): Promise<T> {
  const home = path.join(scratch, 'home');
  await mkdir(home, { recursive: true });
  const lines = HOSTILE_SETTINGS.map(([name, value]) => {
    const dot = name.indexOf('.');
    return `[${name.slice(0, dot)}]\n\t${name.slice(dot + 1)} = ${value}\n`;
  });
  await writeFile(path.join(home, '.gitconfig'), lines.join(''));
  const { HOME, TZ, LC_ALL } = process.env;
  const umask = process.umask(0o077);
  Object.assign(process.env, { HOME: home, TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' });
  try {
    return await action();
  } finally {
    process.umask(umask);
    restore({ HOME, TZ, LC_ALL });
  }
}

function restore(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

async function equalHashes(product: SampleProduct, scratch: string): Promise<FigureInput> {
  const store = (name: string) => path.join(scratch, `objects-${name}`);
  const expected = await packOnce(product, store('first'));
  const hashes = [await asAnotherUser(scratch, () => packOnce(product, store('user')))];
  for (const world of await otherWorlds(product, scratch)) {
    hashes.push(await packOnce(world.product, store(world.name.replaceAll(/\W+/g, '-'))));
  }
  const equal = hashes.filter((hash) => hash === expected).length;
  const share = equal / hashes.length;
  return {
    name: 'equal hash under changed git configuration',
    unit: 'of 1',
    spread: single(share),
    target: atLeast(1),
    note: `${equal} of ${hashes.length}: another user's configuration, language and umask; a configured clone with attributes; a repacked clone`,
  };
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { scratch, quick, meter } = context;
  const size = (quick ? 8 : 64) * MIB;
  const product = await sourceProduct(path.join(scratch, 'product'), size);
  let store = 0;
  let archiveBytes = 0;
  const measured = await interleave(
    {
      git: async () => {
        const { bytes, ...cost } = await gitArchive(product.folder);
        archiveBytes = bytes;
        return cost;
      },
      pack: () => {
        const folder = path.join(scratch, `objects${(store += 1)}`);
        return costOf(() => packOnce(product, folder));
      },
      again: () => costOf(() => packOnce(product, path.join(scratch, 'kept'))),
      tar: () => costOf(() => ownArchive(product)),
    },
    { rounds: roundsOf(context), meter },
  );
  const speed = (cost: Cost) => archiveBytes / MIB / (cost.wallMs / 1000);
  return [
    {
      name: 'pack against git archive | cat',
      unit: '×',
      spread: spreadOf(measured, ({ git, pack }) => git.wallMs / pack.wallMs),
      target: atLeast(0.5),
      note: `${Math.round(archiveBytes / MIB)} MiB into an empty store: tar, chunks, SHA-256, zstd, flushed to the disk`,
    },
    { name: 'git archive | cat', unit: 'MiB/s', spread: spreadOf(measured, (r) => speed(r.git)) },
    { name: 'pack', unit: 'MiB/s', spread: spreadOf(measured, (r) => speed(r.pack)) },
    {
      name: 'pack, all of it stored already',
      unit: 'MiB/s',
      spread: spreadOf(measured, (r) => speed(r.again)),
    },
    {
      name: 'tar from git objects alone against git archive | cat',
      unit: '×',
      spread: spreadOf(measured, ({ git, tar }) => git.wallMs / tar.wallMs),
    },
    {
      name: 'CPU of a pack',
      unit: 'ms per MiB',
      spread: spreadOf(measured, ({ pack }) => pack.cpuMs / (archiveBytes / MIB)),
      note: 'without that of git',
    },
    await equalHashes(product, scratch),
  ];
}

export const suite: Suite = { title: 'packing', run };
