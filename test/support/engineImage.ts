import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';

/** A container engine that tests may use. */
export interface Engine {
  /** Has node, sh, perl and what boxes take: made of files of this machine, since no registry may be reachable. */
  readonly image: string;
  /** For programs that are to reach this engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ids of containers with this label, running or not. */
  containers(label: string): Promise<string[]>;
  stop(): Promise<void>;
}

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

/** Makes it of files of this machine. @param program `docker` or `podman` @param folder for what the image is made of */
export async function importImage(
  program: string,
  folder: string,
  image: string,
  env: Record<string, string>,
) {
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
    program,
    ['import', '-c', 'ENV PATH=/:/usr/bin:/usr/sbin:/bin:/sbin', '-', image],
    { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const done = new Promise<number | null>((resolve) => imported.once('exit', resolve));
  await pipeline(tar.stdout, imported.stdin);
  if ((await done) !== 0) throw new Error('The image could not be imported.');
}

/** See Engine. */
export async function labelled(
  program: string,
  label: string,
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { stdout } = await execa(program, ['ps', '-aq', '--filter', `label=${label}`], { env });
  return stdout.split('\n').filter((line) => line !== '');
}
