import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ownLimits } from '../../src/runtime/hosts/remote/ownLimits.ts';
import { importImage, labelled, type Engine } from './engineImage.ts';
import { firstProgram } from './firstProgram.ts';

const PODMAN = firstProgram(['/usr/bin/podman', '/usr/local/bin/podman']);
/** Without it podman has no first process for a container that is to have one. */
const INIT = firstProgram(['/usr/libexec/podman/catatonit', '/usr/bin/catatonit']);

/** Why podman cannot be tried, one clause; undefined: it can. */
export const noPodman =
  process.getuid?.() !== 0
    ? 'it is tried as root'
    : PODMAN === undefined || INIT === undefined
      ? 'install podman and catatonit'
      : process.arch === 'x64'
        ? undefined
        : 'its image is made here on x64 alone';

/** Podman with storage of its own; undefined: the machine does not let it run a container. */
export async function setUpPodman(): Promise<Engine | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-podman-'));
  // Root without privileges, as in a container, has to find its way through it.
  await chmod(folder, 0o711);
  const at = (name: string) => path.join(folder, name);
  const stores = [`graphroot = "${at('graph')}"`, `runroot = "${at('run')}"`];
  await writeFile(at('storage.conf'), ['[storage]', 'driver = "vfs"', ...stores, ''].join('\n'));
  const environment = { CONTAINERS_STORAGE_CONF: at('storage.conf') };
  const stop = async () => {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };
  const image = 'localhost/mesh-sim-test:1';
  try {
    await importImage('podman', folder, image, environment);
    const limits = ownLimits().flatMap((limit) => ['--ulimit', limit]);
    const alone = ['run', '--rm', '--init', '--network', 'none', ...limits, image, 'sh', '-c', ':'];
    const { exitCode } = await execa('podman', alone, { env: environment, reject: false });
    if (exitCode === 0) {
      const containers = (label: string) => labelled('podman', label, environment);
      return { image, environment, containers, stop };
    }
  } catch (error) {
    await stop();
    throw error;
  }
  await stop();
  return undefined;
}
