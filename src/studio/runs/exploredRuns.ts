import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MeshSimError } from '../../base/errors.ts';
import { outcomeOfRun, type RunPlan } from '../../explore/runOutcome.ts';
import { requireKnownServices } from '../../mesh/faultServices.ts';
import type { Plan } from '../../model/plan.ts';
import { runVirtual } from '../../runtime/virtual/run.ts';
import { findCapsule } from '../capsules/findCapsule.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { capsuleBefore } from './capsuleBefore.ts';
import { virtualContent } from './runWorld.ts';
import { simulateMesh, type SimulationRequest } from './simulateMesh.ts';

/** The runs of an exploration on real nodes: each is sealed as any run is. */
export function realRuns(
  workspace: Workspace,
  request: Pick<SimulationRequest, 'concurrent' | 'signal' | 'onStart'>,
): RunPlan {
  return async (plan) => {
    const { observation, simId } = await simulateMesh(workspace, {
      ...request,
      ...{ plan, keepRuns: false, onEvent: () => undefined },
    });
    return { ...outcomeOfRun(observation), simId };
  };
}

/**
 * The runs of an exploration in virtual time, one after the other in this process: nothing of them is kept.
 * @throws MeshSimError `usage`, when the Capsule has checks, which an upgrade would ask for and nobody can run; those of findCapsule and of plans
 */
export async function virtualRuns(
  workspace: Workspace,
  plan: Plan,
  signal: AbortSignal,
): Promise<RunPlan> {
  const signed = await findCapsule(workspace, plan.capsuleHash);
  const { services, checks = [] } = signed.capsule.manifest;
  requireKnownServices(plan, services);
  const before = await capsuleBefore(workspace, plan, signed);
  const [check] = checks;
  if (before !== undefined && check !== undefined) {
    throw new MeshSimError(
      'usage',
      `No service runs in virtual time, so nobody could run check "${check.name}" of the registry: leave --virtual out.`,
    );
  }
  const content = virtualContent(workspace, signed, before);
  return async (drawn) => {
    // Between two runs a signal can arrive.
    await nextTurn();
    const { observation } = await runVirtual({
      ...content,
      ...{ simId: randomUUID(), plan: drawn, signal },
    });
    return outcomeOfRun(observation);
  };
}
