import { execa } from 'execa';

/** Root needs no namespace of users; an ordinary user gets the right to mount in one, where that is not forbidden. */
const UNSHARE = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

const SCRIPT =
  'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec "$@"';

/** A command line that runs another inside `folder`, which that program finds mounted read-only. Nobody else does. */
export function insideReadOnly(folder: string, command: readonly string[]): [string, ...string[]] {
  return ['unshare', ...UNSHARE, 'sh', '-c', SCRIPT, 'sh', folder, ...command];
}

/** Whether this machine has it: Linux, with util-linux and namespaces that are not forbidden. */
export async function canMountReadOnly(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const [program, ...args] = insideReadOnly(folder, ['sh', '-c', '! touch written 2>/dev/null']);
  return !(await execa(program, args, { reject: false })).failed;
}
