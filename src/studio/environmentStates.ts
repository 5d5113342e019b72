import { effectivePolicy } from '../deploy/gatePolicy.ts';
import { reasonsOf } from '../model/deploy.ts';
import type { EnvironmentList, EnvironmentState, GatePreview } from '../model/deployApi.ts';
import type { Environment } from '../model/environments.ts';
import { deployedBefore, successfulDeploys } from './deployHistory.ts';
import { environmentsOf } from './environments.ts';
import { resolveCapsule } from './findCapsule.ts';
import { previewGate } from './gate.ts';
import type { Studio } from './studio.ts';

/**
 * Every environment as it is now; with what its gate would say of a Capsule, if one is named. Nothing is written.
 * @param capsule a hash or a unique prefix
 * @throws MeshSimError `environments-invalid`, `capsule-unknown`, `capsule-ambiguous`
 */
export async function environmentStates(
  studio: Studio,
  capsule: string | undefined,
): Promise<EnvironmentList> {
  const { environments } = await environmentsOf(studio.workspace);
  const capsuleHash =
    capsule === undefined ? undefined : await resolveCapsule(studio.workspace, capsule);
  const states: EnvironmentState[] = [];
  for (const [name, environment] of Object.entries(environments)) {
    states.push(await stateOf(studio, name, environment, capsuleHash));
  }
  return { environments: states };
}

async function stateOf(
  studio: Studio,
  name: string,
  environment: Environment,
  capsuleHash: string | undefined,
): Promise<EnvironmentState> {
  const policy = effectivePolicy(environment);
  const past = await successfulDeploys(studio.workspace, name);
  const newest = past.at(-1);
  const before = deployedBefore(past, newest?.entry.capsuleHash);
  const deploying = studio.deploys.deployingTo(name);
  return {
    name,
    production: environment.production,
    target: environment.target.kind,
    ...(policy === undefined ? {} : { policy }),
    ...(newest === undefined
      ? {}
      : {
          release: {
            capsuleHash: newest.entry.capsuleHash,
            at: newest.entry.at,
            runId: newest.runId,
            status: newest.entry.status === 'rolled-back' ? 'rolled-back' : 'deployed',
          },
        }),
    ...(before === undefined ? {} : { rollsBackTo: before.entry.capsuleHash }),
    ...(deploying === undefined ? {} : { deploying }),
    ...(capsuleHash === undefined ? {} : { preview: await preview(studio, name, capsuleHash) }),
  };
}

/** Whether glass may be broken is found by asking as if it were. */
async function preview(studio: Studio, name: string, capsule: string): Promise<GatePreview> {
  const { workspace } = studio;
  const { decision, needs } = await previewGate(workspace, { environment: name, capsule });
  const isRefused = decision.decision === 'deny';
  const broken = isRefused
    ? await previewGate(workspace, { environment: name, capsule, breakGlass: 'may it be done?' })
    : undefined;
  return {
    decision,
    reasons: isRefused ? reasonsOf(decision) : [],
    canBreakGlass: broken?.decision.decision === 'allow',
    ...(needs === undefined ? {} : { needs }),
  };
}
