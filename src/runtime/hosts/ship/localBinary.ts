import { mkdtemp, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa, ExecaError } from 'execa';
import { cacheFolder, makePrivateFolder } from '../../../base/cacheFolder.ts';
import { MeshSimError } from '../../../base/errors.ts';
import { removeTree } from '../../../base/removeTree.ts';
import { legible } from '../../../base/shortText.ts';
import { HOSTS_FILE } from '../../../model/hosts.ts';
import { sha256OfFile } from '../../../signing/fileDigest.ts';
import type { NodeBinary } from './nodeBinaries.ts';

/** Below this machine's cache: by digest, what was fetched. */
const FETCHED = 'node';
/** 52 MB over a slow line. */
const FETCH_LIMIT_MS = 15 * 60_000;

export interface LocalBinaryOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Where dist/ is: what this product was installed with lies beside it. */
  readonly bundleFolder: string;
  readonly signal: AbortSignal;
}

/**
 * The path of that program on this machine: among what is installed here, of an earlier fetch, or fetched by this machine's npm.
 * @throws MeshSimError `program-missing`, `disk-failed`, `interrupted`
 */
export async function localBinary(
  binary: NodeBinary,
  { environment, bundleFolder, signal }: LocalBinaryOptions,
): Promise<string> {
  const folder = await makePrivateFolder(cacheFolder(environment), FETCHED);
  const fetched = path.join(folder, binary.digest);
  const installed = path.join(bundleFolder, '..', 'node_modules');
  const places = [
    fetched,
    process.execPath,
    path.join(installed, 'node', 'bin', 'node'),
    path.join(installed, binary.package, 'bin', 'node'),
  ];
  for (const place of places) if (await isOne(place, binary)) return place;
  await fetch(binary, { folder, to: fetched, environment, signal });
  return fetched;
}

async function isOne(file: string, { bytes, digest }: NodeBinary): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size !== bytes) return false;
  return (await sha256OfFile(file).catch(() => undefined)) === digest;
}

interface Fetch {
  readonly folder: string;
  readonly to: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Into a folder of its own, so that two fetch at once and neither finds half of the other's. */
async function fetch(
  binary: NodeBinary,
  { folder, to, environment, signal }: Fetch,
): Promise<void> {
  const { package: name, version } = binary;
  const own = await mkdtemp(path.join(folder, 'fetch-'));
  const run = (file: string, args: string[]) =>
    execa(file, args, {
      ...{ cwd: own, env: environment, extendEnv: false, stdin: 'ignore' },
      ...{ cancelSignal: signal, timeout: FETCH_LIMIT_MS },
    });
  try {
    await run('npm', ['pack', '--ignore-scripts', '--silent', `${name}@${version}`]);
    const program = path.join('package', 'bin', 'node');
    await run('tar', ['-xzf', `${name}-${version}.tgz`, 'package/bin/node']);
    if (!(await isOne(path.join(own, program), binary))) {
      throw unfetched(binary, 'what came is not that program');
    }
    await rename(path.join(own, program), to);
  } catch (error) {
    if (signal.aborted) throw new MeshSimError('interrupted', 'The run was interrupted.');
    throw error instanceof ExecaError ? unfetched(binary, wordsOf(error as ExecaError)) : error;
  } finally {
    await removeTree(own);
  }
}

function wordsOf({ code, shortMessage, stderr }: ExecaError): string {
  if (code === 'ENOENT') return 'there is no npm, or no tar, on this machine';
  const lines = String(stderr ?? '')
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !line.includes('log of this run'));
  return legible(lines[0] ?? shortMessage, 200);
}

function unfetched({ package: name, version }: NodeBinary, why: string): MeshSimError {
  return new MeshSimError(
    'program-missing',
    `Node.js ${version} is to be sent to a host, and npm did not fetch ${name} (${why}): see that "npm pack ${name}@${version}" works, or set "node" in ${HOSTS_FILE}.`,
  );
}
