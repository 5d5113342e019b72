/**
 * What a box keeps apart. `all`: network, processes and paths; `mounts`: the network and the files by which names are looked
 * up; `network`: that alone.
 */
export type Reach = 'all' | 'mounts' | 'network';

/** One way to make a box, and to enter it. */
export interface Way {
  readonly reach: Reach;
  /** Of unshare(1). */
  readonly create: readonly string[];
  /** Of nsenter(1), for the namespaces that the process with this id has made. */
  readonly entry: (pid: number) => readonly string[];
}

/** Of a box, or mounts alone. */
type Kept = Reach | 'paths';

export type Part = Pick<Way, 'create' | 'entry'>;

/** Without privileges, namespaces need a user namespace around them, in which everybody stays who he is. */
const USER: Part = {
  create: ['--user', '--map-current-user', '--keep-caps'],
  entry: (pid) => [`--user=/proc/${pid}/ns/user`, '--preserve-credentials'],
};
const NETWORK: Part = {
  create: ['--net'],
  entry: (pid) => [`--net=/proc/${pid}/ns/net`],
};
/** Mounts that nobody outside sees. */
const MOUNTS: Part = {
  create: ['--mount', '--propagation', 'private'],
  entry: (pid) => [`--mount=/proc/${pid}/ns/mnt`],
};
/** The first process ends with unshare, and everything else with the first process: pid_namespaces(7). */
const PROCESSES: Part = {
  create: ['--pid', '--fork', '--kill-child', '--mount-proc'],
  entry: (pid) => [`--pid=/proc/${pid}/ns/pid_for_children`],
};

const PARTS: Readonly<Record<Kept, readonly Part[]>> = {
  all: [NETWORK, MOUNTS, PROCESSES],
  mounts: [NETWORK, MOUNTS],
  network: [NETWORK],
  paths: [MOUNTS],
};

/** The ways this user may try, best first. */
export function waysFor(isRoot: boolean): Way[] {
  return (['all', 'mounts', 'network'] as const).flatMap((reach) =>
    waysTo(reach, isRoot).map((way) => ({ reach, ...way })),
  );
}

/** The ways to mounts that nobody outside sees, and to nothing else. */
export function waysToMount(isRoot: boolean): Part[] {
  return waysTo('paths', isRoot);
}

function waysTo(kept: Kept, isRoot: boolean): Part[] {
  const users = isRoot ? [[], [USER]] : [[USER]];
  return users.map((user) => {
    const parts = [...user, ...PARTS[kept]];
    return {
      create: parts.flatMap(({ create }) => create),
      entry: (pid) => parts.flatMap(({ entry }) => entry(pid)),
    };
  });
}
