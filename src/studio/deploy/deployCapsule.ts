import type { DeployRecord } from '../../model/deploy.ts';
import { carryOut, type DeployListener, type RecordedRollout } from './deployRollout.ts';
import { whileLocked } from './deployTarget.ts';
import { environmentOf } from './environments.ts';
import { resolveCapsule } from '../capsules/findCapsule.ts';
import { assertReason, passGate, type PassedGate } from './gate.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface DeployRequest {
  readonly environment: string;
  /** A Capsule hash or a unique prefix. */
  readonly capsule: string;
  readonly breakGlass?: string | undefined;
  readonly signal: AbortSignal;
  readonly listener: DeployListener;
  /** Called with what the gate said, once it is recorded and before anything is done. */
  readonly onDecision?: (decision: PassedGate) => void;
}

export interface FinishedDeploy {
  /** `unchanged`: it was active already. */
  readonly status: DeployRecord['status'] | 'refused' | 'unchanged';
  readonly gate: PassedGate;
  /** Absent when nothing was done. */
  readonly recorded?: RecordedRollout;
  /** Of `unchanged`: what that rests on. */
  readonly sentence?: string;
}

/**
 * Deploys a Capsule if the gate lets it. The gate is asked while the environment is held, so nothing comes between its
 * answer and the deploy. A deploy that fails or is cancelled leaves active what was active before, and is recorded.
 * @throws MeshSimError `usage` for a reason that is none, `environment-unknown`, `capsule-unknown`, `deploy-busy`, and of the ledger
 */
export async function deployCapsule(
  workspace: Workspace,
  request: DeployRequest,
): Promise<FinishedDeploy> {
  const { environment: name, signal } = request;
  assertReason(request.breakGlass);
  const environment = await environmentOf(workspace, name);
  const capsuleHash = await resolveCapsule(workspace, request.capsule);
  const what = `the deploy of Capsule ${capsuleHash.slice(0, 12)}`;
  return whileLocked(workspace, name, what, async () => {
    signal.throwIfAborted();
    const { breakGlass, listener } = request;
    const gate = await passGate(workspace, { environment: name, capsule: capsuleHash, breakGlass });
    request.onDecision?.(gate);
    if (gate.decision.decision === 'deny' || gate.record === undefined) {
      return { status: 'refused', gate };
    }
    const recorded = await carryOut(workspace, {
      name,
      environment,
      capsuleHash,
      decision: gate.record.digest,
      intent: 'deployed',
      listener,
      signal,
    });
    if ('activeMeans' in recorded) {
      const { activeMeans } = recorded;
      const sentence = `${capsuleHash.slice(0, 12)} is active in ${name} already: ${activeMeans}.`;
      return { status: 'unchanged', gate, sentence };
    }
    return { status: recorded.record.status, gate, recorded };
  });
}
