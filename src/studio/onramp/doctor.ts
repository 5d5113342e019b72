import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { messageOf, MeshSimError } from '../../base/errors.ts';
import { readRegularText } from '../../base/regularFile.ts';
import { runGit } from '../../capsule/git.ts';
import { readRegistry } from '../../capsule/registryFile.ts';
import { fail, ok, warn, type Check } from '../../onramp/doctor/check.ts';
import { registryChecks } from '../../onramp/doctor/registryChecks.ts';
import { folderFiles } from '../../onramp/files/folderFiles.ts';
import { isProgram, type Service } from '../../model/registry.ts';
import { demandWords } from '../../model/requiredProgram.ts';
import { requirePrograms } from '../../runtime/real/requirePrograms.ts';
import { inspectRegistry } from '../capsules/inspectRegistry.ts';
import { cacheFolder, makePrivateFolder } from '../../base/cacheFolder.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { REGISTRY_FILE } from './draftProduct.ts';
import { hasProgram, lookHere, type MachineOptions } from './machine.ts';

/** A build of a small product, and its copies on a few nodes. */
const ENOUGH_BYTES = 1024 ** 3;
const LEAST_BYTES = 100 * 1024 ** 2;

/** Looks at this machine, and at the registry if there is one, without running anything of the product. */
export async function examine(workspace: Workspace, signal?: AbortSignal): Promise<Check[]> {
  const { folder } = workspace.options;
  return [
    ok('Node.js', process.versions.node),
    await gitCheck(folder, signal),
    ...(await isolationChecks(workspace)),
    await portCheck(),
    await diskCheck(workspace),
    await keysCheck(workspace),
    ...(await productChecks(workspace, signal)),
  ];
}

async function gitCheck(folder: string, signal?: AbortSignal): Promise<Check> {
  try {
    const version = await runGit({ folder, args: ['--version'], signal });
    return ok('git', version.toString('utf8').trim().replace('git version ', ''));
  } catch (error) {
    signal?.throwIfAborted();
    return fail('git', messageOf(error), 'install git');
  }
}

async function isolationChecks({ options }: Workspace): Promise<Check[]> {
  let look;
  try {
    look = await lookHere(options);
  } catch (error) {
    return [fail('isolation', messageOf(error), 'give it a cache folder that it may write')];
  }
  const { isolation, lacks = '', wireMissing } = look;
  const advice = 'install util-linux and perl, and allow user namespaces; strict gates ask for it';
  const box =
    isolation === 'full'
      ? ok('isolation', 'nodes have a network, processes and paths of their own')
      : warn(
          'isolation',
          `nodes get ${isolation === 'none' ? 'nothing' : 'only a network'} of their own (${lacks})`,
          advice,
        );
  const wire =
    wireMissing === undefined
      ? ok('wire', 'services of different nodes reach each other')
      : warn(
          'wire',
          `services of different nodes do not reach each other (${wireMissing})`,
          'see that there is /dev/net/tun, and perl or python3',
        );
  return [box, wire];
}

/** Agents and the network emulator talk over the loopback interface. */
async function portCheck(): Promise<Check> {
  const server = net.createServer();
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
    });
    return ok('ports', `127.0.0.1 gives free ones (${port})`);
  } catch (error) {
    return fail('ports', `nothing can listen on 127.0.0.1 (${messageOf(error)})`, 'allow it');
  } finally {
    server.close();
  }
}

async function diskCheck({ options }: Workspace): Promise<Check> {
  try {
    const folder = await makePrivateFolder(cacheFolder(options.environment));
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const found = `${(free / 1024 ** 3).toFixed(1)} GiB free for runs in ${folder}`;
    const remedy = 'make room, or set MESH_SIM_CACHE to a folder on another disk';
    if (free < LEAST_BYTES) return fail('disk', found, remedy);
    return free < ENOUGH_BYTES ? warn('disk', found, remedy) : ok('disk', found);
  } catch (error) {
    return fail('disk', messageOf(error), 'set MESH_SIM_CACHE to a folder that can be written');
  }
}

async function keysCheck(workspace: Workspace): Promise<Check> {
  const { configFolder } = workspace.options;
  try {
    const { capsule, ledger } = await workspace.keysPresent();
    if (capsule !== undefined && 'ask' in capsule) await workspace.keyring();
    const found =
      capsule === undefined || ledger === undefined ? 'made on first use' : capsule.keyid;
    return ok('keys', `${found}, in ${configFolder}`);
  } catch (error) {
    return fail('keys', messageOf(error), 'correct it, or set MESH_SIM_CONFIG to another folder');
  }
}

async function productChecks({ options }: Workspace, signal?: AbortSignal): Promise<Check[]> {
  const file = path.join(options.folder, REGISTRY_FILE);
  if (!existsSync(file)) {
    return [
      warn(
        'registry',
        `there is no ${file}`,
        'run "mesh-sim init", or "mesh-sim try" to go on at once',
      ),
    ];
  }
  try {
    const { registry } = await readRegistry(file);
    const files = await folderFiles(options.folder, signal);
    return [
      ok('registry', file),
      ...(await contentChecks(file, signal)),
      ...registryChecks(files, registry, hasProgram(options)),
      ...(await programChecks(registry.services, options)),
    ];
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof MeshSimError)) throw error;
    return [fail('registry', error.message, 'correct it')];
  }
}

/** What packing would refuse: commits, folders, submodules and content of Git LFS that are not here. */
async function contentChecks(file: string, signal?: AbortSignal): Promise<Check[]> {
  const text = await readRegularText(file);
  const problems = await inspectRegistry({
    ...{ text, file, asksGit: true },
    signal: signal ?? new AbortController().signal,
  });
  return problems.map(({ sentence }) => {
    const [, found = sentence, remedy = 'correct the registry'] =
      /^(.*?): (.*)\.$/s.exec(sentence) ?? [];
    return fail('content', found, remedy);
  });
}

/** Programs that services require: whether they are here, in the version required. */
async function programChecks(
  services: readonly Service[],
  machine: MachineOptions,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const service of services) {
    if (!isProgram(service)) continue;
    try {
      await requirePrograms([service], machine.environment.PATH ?? '');
      checks.push(
        ok(service.program.requires, `${service.name} has ${demandWords(service.program)}`),
      );
    } catch (error) {
      if (!(error instanceof MeshSimError)) throw error;
      const [, found = '', remedy = ''] = /^(.*): (.*)\.$/s.exec(error.message) ?? [];
      checks.push(fail(service.program.requires, found, remedy));
    }
  }
  return checks;
}
