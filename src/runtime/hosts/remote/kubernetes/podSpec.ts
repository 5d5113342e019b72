import type { HostSpec } from '../../../../model/hosts.ts';
import type { HostCommand, Hosting } from '../hosting.ts';
import { LOADER } from '../loader.ts';

export type PodHost = Extract<HostSpec, { kind: 'kubernetes' }>;

export const RUN_LABEL = 'mesh-sim.run';
/** Where a Pod's processes may write: nothing else of it can be written to. */
const SCRATCH = '/tmp';
/** Nobody in particular: "node" in images of Node.js, and no one in most others. */
const USER = 1_000;
export const CONTAINER = 'node';
/** kubectl waits for longer than whoever waits for the keeper, who can say why. */
const RUNNING_LIMIT = '10m';
/** Of kubectl: what came before would be read a second time. */
const SURRENDER = 'falling back to streaming logs';

const UNITS: Readonly<Record<string, string>> = { k: 'Ki', m: 'Mi', g: 'Gi' };

/** "512m" of an engine as a cluster writes it, which takes m for a thousandth. */
export function memoryOf(size: string): string {
  const unit = size.at(-1) ?? '';
  return /[bkmg]/.test(unit) ? `${size.slice(0, -1)}${UNITS[unit] ?? ''}` : size;
}

export function podName({ simId, nodeId }: Pick<Hosting, 'simId' | 'nodeId'>): string {
  return `mesh-sim-${simId}-${nodeId}`;
}

/** What kubectl is told of the cluster. */
export function clusterFlags({ context, namespace }: PodHost): string[] {
  return [
    ...(context === undefined ? [] : ['--context', context]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
  ];
}

/**
 * A Pod is the machine of its node. It has no rights on the cluster or on its Node, keeps to what the Pod Security Standard "restricted"
 * asks for, and ends when its one client is gone.
 */
export function podSpec(
  { image, node = 'node', nodeSelector, memory, cpus }: PodHost,
  { simId, nodeId, digest, mostMs }: Hosting,
) {
  const limits = {
    ...(memory === undefined ? {} : { memory: memoryOf(memory) }),
    ...(cpus === undefined ? {} : { cpu: `${Math.ceil(cpus * 1_000)}m` }),
  };
  return {
    apiVersion: 'v1',
    metadata: { labels: { [RUN_LABEL]: simId, 'mesh-sim.node': nodeId } },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: Math.ceil(mostMs / 1_000),
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostname: nodeId,
      // The first process of the Pod reaps those whose parents were killed; Node.js does not.
      shareProcessNamespace: true,
      securityContext: {
        ...{ runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      volumes: [{ name: 'scratch', emptyDir: { medium: 'Memory' } }],
      containers: [
        {
          ...{ name: CONTAINER, image, command: [node, '-e', LOADER, digest] },
          ...{ stdin: true, stdinOnce: true, workingDir: SCRATCH },
          env: [
            { name: 'MESH_SIM_CACHE', value: `${SCRATCH}/mesh-sim` },
            { name: 'HOME', value: SCRATCH },
          ],
          resources: { limits },
          securityContext: {
            ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'scratch', mountPath: SCRATCH }],
        },
      ],
    },
  };
}

/**
 * kubectl makes the Pod and becomes its stdin and stdout. Never `exec`: what that starts outlives a client that was killed, and may
 * miss what it is told.
 */
export function podCommand(host: PodHost, hosting: Hosting): HostCommand {
  return {
    file: 'kubectl',
    args: [
      ...clusterFlags(host),
      ...['run', podName(hosting), '--image', host.image, '--restart', 'Never', '--stdin'],
      ...['--quiet', '--pod-running-timeout', RUNNING_LIMIT],
      ...['--overrides', JSON.stringify(podSpec(host, hosting))],
    ],
    surrender: SURRENDER,
  };
}
