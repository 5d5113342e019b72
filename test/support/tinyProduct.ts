import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ObjectStore } from '../../src/capsule/objectStore.ts';
import { packCapsule, repackServiceAt } from '../../src/capsule/pack.ts';
import { signPack } from '../../src/capsule/packStatement.ts';
import type { Capsule } from '../../src/model/capsule.ts';
import type { DsseEnvelope } from '../../src/model/evidence.ts';
import { signingKeyOf } from '../../src/signing/keys.ts';
import { commitAll, gitIn, temporaryFolder } from './harborPay.ts';

/** A registry entry without what tests rarely care about, and the files of the service's folder. */
export interface TinyService {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly entry?: Readonly<Record<string, unknown>>;
}

export interface TinyRepository {
  /** A git repository; work that belongs to a test may be put beside it. */
  readonly repo: string;
  readonly folder: string;
  dispose(): Promise<void>;
}

export interface TinyProduct extends TinyRepository {
  readonly capsule: Capsule;
  readonly packEnvelope: DsseEnvelope;
  readonly publicKey: string;
  readonly storeFolder: string;
  /** Commits a change and packs the Capsule a drifted node is offered. */
  driftedAt(service: string, file: string, content: string): Promise<DriftedCapsule>;
  /** Commits a change, and is the same product with what is packed then. */
  packedAgain(service: string, file: string, content: string): Promise<TinyProduct>;
  /** The same, with other services: files that these do not name stay as they are. @param more of the registry */
  packedAs(
    services: readonly TinyService[],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<TinyProduct>;
}

export interface DriftedCapsule {
  readonly capsule: Capsule;
  readonly commit: string;
}

/** Answers 200 to everything on the port it is given, and ends on SIGTERM. */
export const HEALTHY_SERVER = `
import { createServer } from 'node:http';
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
console.log('listening on ' + process.env.PORT);
`;

/** Who packs all tiny products. */
export const PACKER = signingKeyOf(new Uint8Array(32).fill(7));

export const PROBE = { intervalMs: 20, timeoutMs: 1_000, deadlineMs: 15_000 };

/** One service that becomes healthy at once. */
export function healthyService(name = 'web', entry: TinyService['entry'] = {}): TinyService {
  return { name, files: { 'server.mjs': HEALTHY_SERVER }, entry };
}

function registryEntry({ name, entry }: TinyService): Record<string, unknown> {
  return {
    name,
    path: name,
    start: ['node', 'server.mjs'],
    env: { PORT: '${port:http}' },
    ports: { http: 4_000 },
    health: { http: { port: 'http', path: '/' }, ...PROBE },
    ...entry,
  };
}

/** Compresses badly and is the same everywhere: content with a stated number of bytes. */
export function blob(bytes: number, seed = 1): string {
  let state = seed;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, bytes);
}

/**
 * Packs and signs a product in a git repository of its own.
 * @param files of the repository, beside the folders of the services
 * @param more of the registry, beside the services
 */
export async function createTinyProduct(
  services: readonly TinyService[],
  files: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<TinyProduct> {
  const { folder, repo } = await writtenRepository(services, files, more);
  await gitIn(repo, 'init', '--quiet');
  return committedProduct(folder);
}

/** The same product as it was committed, for who packs it by the product's own commands. @param more of the registry, beside the services */
export async function createTinyRepository(
  services: readonly TinyService[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<TinyRepository> {
  const { folder, repo } = await writtenRepository(services, {}, more);
  await gitIn(repo, 'init', '--quiet');
  await commitAll(repo);
  return { repo, folder, dispose: () => rm(folder, { recursive: true, force: true }) };
}

async function writtenRepository(
  services: readonly TinyService[],
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>>,
): Promise<Omit<TinyRepository, 'dispose'>> {
  const folder = await temporaryFolder();
  const repo = path.join(folder, 'repo');
  await writeFiles(repo, files);
  await writeServices(repo, services, more);
  return { folder, repo };
}

async function writeServices(
  repo: string,
  services: readonly TinyService[],
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const { name, files = {} } of services) await writeFiles(path.join(repo, name), files);
  const registry = { name: 'tiny', services: services.map(registryEntry), ...more };
  await writeFile(path.join(repo, 'mesh.services.json'), JSON.stringify(registry));
}

/** A copy of one of the examples. */
export async function createExampleProduct(name: string): Promise<TinyProduct> {
  const folder = await temporaryFolder();
  const example = path.join(import.meta.dirname, '../../examples', name);
  await cp(example, path.join(folder, 'repo'), { recursive: true });
  await gitIn(path.join(folder, 'repo'), 'init', '--quiet');
  return committedProduct(folder);
}

/** What lies in the folder's `repo`, committed, packed and signed. */
async function committedProduct(folder: string): Promise<TinyProduct> {
  const repo = path.join(folder, 'repo');
  const storeFolder = path.join(folder, 'objects');
  const registryFile = path.join(repo, 'mesh.services.json');
  await commitAll(repo);
  const store = new ObjectStore(storeFolder);
  const capsule = await packCapsule({ registryFile, store });
  return {
    repo,
    folder,
    capsule,
    packEnvelope: signPack(capsule, undefined, PACKER),
    publicKey: PACKER.publicKey,
    storeFolder,
    driftedAt: async (service, file, content) => {
      await writeFile(path.join(repo, service, file), content);
      const commit = await commitAll(repo);
      const registryFolder = repo;
      return {
        commit,
        capsule: await repackServiceAt({ capsule, registryFolder, service, commit, store }),
      };
    },
    packedAgain: async (service, file, content) => {
      await writeFile(path.join(repo, service, file), content);
      return committedProduct(folder);
    },
    packedAs: async (services, more = {}) => {
      await writeServices(repo, services, more);
      return committedProduct(folder);
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
}
