import { execa } from 'execa';
import type { HostSpec } from '../../../src/model/hosts.ts';
import { processIds } from '../../../src/agent/processes/procfs.ts';
import { processesInside } from '../processesInside.ts';
import { NAMESPACE, StandInCluster } from './standInCluster.ts';
import { IMAGE_DIGEST } from './standInPods.ts';

type PodSpec = Extract<HostSpec, { kind: 'kubernetes' }>;

/** A cluster that nodes can live in. */
export interface PodHost {
  readonly spec: PodSpec;
  /** For kubectl. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the Pods that runs have made and that are still there. */
  pods(): Promise<string[]>;
  /** Undefined: it is a real one. */
  readonly standIn: StandInCluster | undefined;
  stop(): Promise<void>;
}

/** Minor version of the kubectl that is here, of 1; undefined: there is none. */
const kubectlMinor = await execa('kubectl', ['version', '--client', '--output', 'json'], {
  reject: false,
}).then(({ stdout }) => {
  const found = /"minor": *"(\d+)/.exec(stdout)?.[1];
  return found === undefined ? undefined : Number(found);
});
/** The first that speaks websockets unasked, as the stand-in does. */
const FIRST_MINOR = 31;
/** A real cluster, and an image for it that has Node.js. */
const REAL = process.env.MESH_SIM_TEST_KUBECONFIG;
const REAL_IMAGE = process.env.MESH_SIM_TEST_IMAGE ?? 'node:24';

/** Why there can be none, one clause; undefined: there can. */
const noPods = whyNot(kubectlMinor);

function whyNot(minor: number | undefined): string | undefined {
  if (minor === undefined) return 'no kubectl here';
  if (REAL !== undefined) return undefined;
  if (minor < FIRST_MINOR) return `the stand-in takes kubectl 1.${FIRST_MINOR} or newer`;
  if (processIds().length > 0) return undefined;
  return 'what was started in the place of containers is found in /proc';
}

const CLUSTER = REAL === undefined ? 'a stand-in for an API server' : 'a real cluster';

/** A suite whose title says which cluster it ran against, or why it was skipped. @param what ends with "in Pods" */
export function describePods(what: string, tests: () => void): void {
  if (noPods === undefined) describe(`${what} of ${CLUSTER}`, tests);
  else describe.skip(`${what} (skipped: ${noPods})`, tests);
}

/** The real cluster that the environment names, else a stand-in. */
export async function startPodHost(): Promise<PodHost> {
  const standIn = REAL === undefined ? await StandInCluster.start() : undefined;
  const environment = { KUBECONFIG: standIn?.kubeconfig ?? REAL ?? '' };
  const spec: PodSpec = {
    ...{ kind: 'kubernetes', secrets: false },
    ...(standIn === undefined
      ? { image: REAL_IMAGE }
      : {
          ...{ context: 'dev', namespace: NAMESPACE, node: process.execPath },
          image: `registry.test/node@${IMAGE_DIGEST}`,
        }),
  };
  const pods = async () => {
    const args = ['get', 'pods', '--selector', 'mesh-sim.run', '--output', 'name'];
    const { stdout } = await execa('kubectl', args, { env: environment });
    return stdout.split('\n').filter((line) => line !== '');
  };
  return { spec, environment, standIn, pods, stop: async () => standIn?.stop() };
}

/** Processes in the place of containers, and what they have started. */
export function inContainers({ folder }: StandInCluster): number[] {
  return processesInside(folder);
}
