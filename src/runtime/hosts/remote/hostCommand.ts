import { shellWord } from '../../../base/shellWord.ts';
import type { HostSpec } from '../../../model/hosts.ts';
import { LOADER } from './loader.ts';
import { ownLimits } from './ownLimits.ts';

/** ssh gives up on a machine that does not answer. */
const CONNECT_LIMIT_S = 15;
/** Only a host whose key this user has checked is told anything. */
const STRICT = [
  'StrictHostKeyChecking=yes',
  'NoHostAuthenticationForLocalhost=no',
  'VerifyHostKeyDNS=no',
];
/** Where a container's processes may write: nothing else of it can be written to. */
const SCRATCH = '/tmp';

export interface HostCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export interface Hosting {
  readonly simId: string;
  readonly nodeId: string;
  /** Of the keeper: SHA-256, hex. */
  readonly digest: string;
}

/** By kind, the user's own program that starts a loader on a host, with its stdin and stdout here. */
const COMMANDS: {
  readonly [Kind in HostSpec['kind']]: (
    spec: Extract<HostSpec, { kind: Kind }>,
    hosting: Hosting,
  ) => HostCommand;
} = {
  ssh: ({ host, port, options, node = 'node' }, { digest }) => ({
    file: 'ssh',
    args: [
      // Nobody is there to answer a question. Its own words tell the host's key.
      ...['-T', '-v', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${CONNECT_LIMIT_S}`],
      // The first value wins, whatever the user's configuration says.
      ...STRICT.flatMap((option) => ['-o', option]),
      ...options.flatMap((option) => ['-o', option]),
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...['--', host, `exec ${shellWord(node)} -e ${shellWord(LOADER)} ${digest}`],
    ],
  }),
  docker: (spec, hosting) => container('docker', spec, hosting),
  podman: (spec, hosting) => container('podman', spec, hosting),
};

type Container = Extract<HostSpec, { kind: 'docker' | 'podman' }>;

/**
 * A container is the machine of its node: nothing of the host's network, disk or processes is in it. Namespaces for the boxes of services,
 * and the device of their wire, take the two privileges that are added.
 */
function container(
  engine: 'docker' | 'podman',
  { context, image, memory, cpus, node = 'node' }: Container,
  { simId, nodeId, digest }: Hosting,
): HostCommand {
  return {
    file: engine,
    args: [
      ...(context === undefined
        ? []
        : [engine === 'docker' ? '--context' : '--connection', context]),
      ...['run', '--rm', '-i', '--init', '--pull', 'missing'],
      ...['--label', `mesh-sim.run=${simId}`, '--label', `mesh-sim.node=${nodeId}`],
      ...['--hostname', nodeId, '--network', 'none', '--read-only'],
      ...[
        '--tmpfs',
        `${SCRATCH}:rw,exec,nosuid,nodev,mode=1777`,
        '--env',
        `MESH_SIM_CACHE=${SCRATCH}/mesh-sim`,
      ],
      ...['--env', `HOME=${SCRATCH}`, '--workdir', SCRATCH],
      ...[
        '--cap-drop',
        'ALL',
        '--cap-add',
        'NET_ADMIN',
        '--cap-add',
        'SYS_ADMIN',
        '--cap-add',
        'SETUID',
        '--cap-add',
        'SETGID',
        '--cap-add',
        'KILL',
      ],
      ...[
        '--device',
        '/dev/net/tun',
        '--security-opt',
        'seccomp=unconfined',
        '--security-opt',
        'apparmor=unconfined',
      ],
      ...['--pids-limit', '4096'],
      // Podman asks for more than whoever may not raise limits can have (podman-run(1), --ulimit); a daemon has its own.
      ...(engine === 'podman' && context === undefined
        ? ownLimits().flatMap((limit) => ['--ulimit', limit])
        : []),
      ...(memory === undefined ? [] : ['--memory', memory]),
      ...(cpus === undefined ? [] : ['--cpus', String(cpus)]),
      ...['--entrypoint', node, image, '-e', LOADER, digest],
    ],
  };
}

/** What starts the keeper of a node on its host. */
export function hostCommand(spec: HostSpec, hosting: Hosting): HostCommand {
  return (COMMANDS[spec.kind] as (of: HostSpec, hosting: Hosting) => HostCommand)(spec, hosting);
}
