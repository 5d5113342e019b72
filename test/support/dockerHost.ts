import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { firstProgram } from './firstProgram.ts';

export interface DockerEngine {
  /** Has node, sh, perl and what boxes take: made of files of this machine, since no registry may be reachable. */
  readonly image: string;
  /** For programs that are to reach this engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ids of containers with this label, running or not. */
  containers(label: string): Promise<string[]>;
  stop(): Promise<void>;
}

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

const PROGRAMS = [
  ...['sh', 'cat', 'sleep', 'mount', 'umount', 'ip', 'env', 'nice', 'perl', 'unshare', 'nsenter'],
  ...['mkdir', 'ps', 'cp', 'ln', 'rm', 'chmod', 'sysctl'],
].flatMap((name) => ['/usr/bin', '/usr/sbin'].map((folder) => path.join(folder, name)));
const TREES = [
  '/usr/share/perl',
  '/usr/lib/x86_64-linux-gnu/perl-base',
  '/usr/lib/x86_64-linux-gnu/perl',
];
const SETTINGS = ['/etc/passwd', '/etc/group', '/etc/nsswitch.conf'];
/** Folders that a container needs, and those that files are in: an engine gives the latter no rights where nobody names them. */
const SKELETON = [
  ...['tmp', 'proc', 'sys', 'dev', 'srv', 'run', 'root', 'bin', 'sbin', 'lib', 'lib64', 'etc'],
  ...['usr/bin', 'usr/sbin', 'usr/share', 'usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'],
];

/** An Engine with folders of its own, without networks; undefined: the machine does not let it start. */
export async function startDocker(): Promise<DockerEngine | undefined> {
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
    await importImage(folder, image, environment);
    return {
      image,
      environment,
      containers: async (label) => {
        const { stdout } = await docker('ps', '-aq', '--filter', `label=${label}`);
        return stdout.split('\n').filter((line) => line !== '');
      },
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

async function importImage(folder: string, image: string, env: Record<string, string>) {
  const root = path.join(folder, 'root');
  for (const name of SKELETON) await mkdir(path.join(root, name), { recursive: true });
  const programs = PROGRAMS.filter((file) => existsSync(file));
  const { stdout } = await execa('ldd', [...programs, process.execPath], { reject: false });
  const libraries = [...stdout.matchAll(/(\/\S+\.so\S*)/g)].map(([, file = '']) => file);
  const trees = TREES.filter((tree) => existsSync(tree));
  const files = [...new Set([...programs, ...libraries, ...trees, ...SETTINGS])].map((file) =>
    // Of a merged /usr, /bin and /lib are links: in the image they are folders again.
    file.slice(1),
  );
  const both = programs
    .map((file) => file.replace(/^\/usr\//, ''))
    .filter((file) => existsSync(`/${file}`));
  const tar = spawn(
    'tar',
    [
      ...['-c', '-h', '-C', root, '.', '-C', '/', ...files, ...both],
      ...['-C', path.dirname(process.execPath), path.basename(process.execPath)],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const imported = spawn(
    'docker',
    ['import', '-c', 'ENV PATH=/:/usr/bin:/usr/sbin:/bin:/sbin', '-', image],
    { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const done = new Promise<number | null>((resolve) => imported.once('exit', resolve));
  await pipeline(tar.stdout, imported.stdin);
  if ((await done) !== 0) throw new Error('The image could not be imported.');
}
