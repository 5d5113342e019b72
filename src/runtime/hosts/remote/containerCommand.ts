import type { HostSpec } from '../../../model/hosts.ts';
import type { HostCommand, Hosting } from './hosting.ts';
import { LOADER } from './loader.ts';
import { ownLimits } from './ownLimits.ts';

/** Where a container's processes may write: nothing else of it can be written to. */
const SCRATCH = '/tmp';

type Container = Extract<HostSpec, { kind: 'docker' | 'podman' }>;

/**
 * A container is the machine of its node: nothing of the host's network, disk or processes is in it. Namespaces for the boxes of services,
 * and the device of their wire, take the two privileges that are added.
 */
export function containerCommand(
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
        // To enter a disk of its own, see setns(2); engines grant this one by themselves.
        '--cap-add',
        'SYS_CHROOT',
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
