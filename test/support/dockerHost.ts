import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { importImage, labelled, type Engine } from './engineImage.ts';
import { firstProgram } from './firstProgram.ts';

const DOCKERD = firstProgram(['/usr/sbin/dockerd', '/usr/bin/dockerd', '/usr/local/bin/dockerd']);

const START_LIMIT_MS = 60_000;
const hasClient = (process.env.PATH ?? '')
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, 'docker')));

/** Why there can be no engine of the tests' own, one clause; undefined: it can be tried. */
export const noDocker =
  process.getuid?.() !== 0
    ? 'an engine takes root'
    : DOCKERD === undefined
      ? 'no dockerd here, install docker.io'
      : hasClient && process.arch === 'x64'
        ? undefined
        : 'its image is made here on x64 alone, and takes the program docker';

/** An Engine with folders of its own, without networks; undefined: the machine does not let it start. */
export async function startDocker(): Promise<Engine | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-docker-'));
  // Root without privileges, as in a container, has to find its way through it.
  await chmod(folder, 0o711);
  const at = (name: string) => path.join(folder, name);
  const environment = { DOCKER_HOST: `unix://${at('socket')}` };
  const docker = (...args: string[]) => execa('docker', args, { env: environment });
  const engine = spawn(
    DOCKERD ?? 'dockerd',
    [
      ...[
        '--iptables=false',
        '--bridge=none',
        '--storage-driver=vfs',
        '-H',
        `unix://${at('socket')}`,
      ],
      ...['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')],
    ],
    { stdio: 'ignore' },
  );
  let hasEnded = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      resolve();
    };
    engine.once('error', end);
    engine.once('exit', end);
  });
  const stop = async () => {
    engine.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };
  try {
    const isUp = await untilItAnswers(
      async () => (await docker('version', '--format', '{{.Server.Version}}')).exitCode === 0,
      () => hasEnded,
    );
    if (!isUp) {
      await stop();
      return undefined;
    }
    const image = 'mesh-sim-test:1';
    await importImage('docker', folder, image, environment);
    return {
      image,
      environment,
      containers: (label) => labelled('docker', label, environment),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** False: it had ended first, or takes longer than any that comes at all. */
async function untilItAnswers(
  answers: () => Promise<boolean>,
  hasEnded: () => boolean,
): Promise<boolean> {
  const limit = Date.now() + START_LIMIT_MS;
  while (!hasEnded() && Date.now() < limit) {
    if (await answers().catch(() => false)) return true;
    await setTimeout(100);
  }
  return false;
}
