import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawUint32 } from '../../src/base/random.ts';
import { commitAll, gitIn } from '../support/harborPay.ts';

const MIB = 1024 * 1024;
/** Sources mostly, and some files that do not compress, as products have them. */
const SOURCE_SHARE = 0.6;
const SOURCE_BYTES = 24 * 1024;
const BINARY_BYTES = 2 * MIB;
const FILES_PER_FOLDER = 40;

const WORDS =
  'const return order await ledger { } ( ) => ; payment node if else string value'.split(' ');

function sourceText(seed: number, bytes: number): string {
  const words: string[] = [];
  for (let length = 0, i = 0; length < bytes; i += 1) {
    const draw = drawUint32(seed, i);
    const word = `${WORDS[draw % WORDS.length] ?? ''}${draw % 5 === 0 ? (draw >>> 16).toString(36) : ''}`;
    words.push(draw % 11 === 0 ? `${word}\n` : word);
    length += word.length + 1;
  }
  return words.join(' ');
}

/** Bytes that do not compress: the same for the same seed. */
export function randomBytesOf(seed: number, bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0; i < words.length; i += 1) words[i] = drawUint32(seed, i, 1);
  return Buffer.from(words.buffer, 0, bytes);
}

async function writeFileAt(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** The trivial service of products that are only there to be rolled out: it listens, and that is all. */
const SERVER = `require('node:net').createServer().listen(Number(process.env.PORT), '127.0.0.1');\n`;

const REGISTRY = {
  name: 'bench',
  services: [
    {
      name: 'app',
      path: 'app',
      start: ['node', 'server.cjs'],
      env: { PORT: '${port:tcp}' },
      ports: { tcp: 4000 },
      health: { tcp: { port: 'tcp' }, intervalMs: 20 },
    },
  ],
};

export interface SampleProduct {
  readonly folder: string;
  readonly registryFile: string;
}

async function finish(folder: string): Promise<SampleProduct> {
  const registryFile = path.join(folder, 'mesh.services.json');
  await writeFileAt(path.join(folder, 'app/server.cjs'), SERVER);
  await writeFileAt(registryFile, JSON.stringify(REGISTRY, null, 2));
  await gitIn(folder, 'init', '--quiet');
  await commitAll(folder, 'Bench product');
  return { folder, registryFile };
}

/** A git repository with a product of about `bytes`: many sources, some binaries, the same every time. */
export async function sourceProduct(folder: string, bytes: number): Promise<SampleProduct> {
  const sources = Math.round((bytes * SOURCE_SHARE) / SOURCE_BYTES);
  for (let i = 0; i < sources; i += 1) {
    const file = `app/src/part${Math.floor(i / FILES_PER_FOLDER)}/file${i}.js`;
    await writeFileAt(path.join(folder, file), sourceText(i, SOURCE_BYTES));
  }
  const binaries = Math.round((bytes * (1 - SOURCE_SHARE)) / BINARY_BYTES);
  for (let i = 0; i < binaries; i += 1) {
    await writeFileAt(path.join(folder, `app/media/image${i}.bin`), randomBytesOf(i, BINARY_BYTES));
  }
  return finish(folder);
}

/** A git repository whose service has `bytes` that do not compress. */
export async function binaryProduct(folder: string, bytes: number): Promise<SampleProduct> {
  for (let i = 0; i * BINARY_BYTES < bytes; i += 1) {
    const size = Math.min(BINARY_BYTES, bytes - i * BINARY_BYTES);
    await writeFileAt(path.join(folder, `app/data/part${i}.bin`), randomBytesOf(i, size));
  }
  return finish(folder);
}
