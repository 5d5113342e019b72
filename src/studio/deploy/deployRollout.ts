import { ownerOf } from '../../deploy/environmentLock.ts';
import { rollOut } from '../../deploy/rollout.ts';
import { namedPaths } from '../../deploy/signedFiles.ts';
import { deployStatement } from '../../deploy/statements.ts';
import type { Active, DeployTarget } from '../../deploy/targets/deployTarget.ts';
import { targetFor } from '../../deploy/targets/targetFor.ts';
import { loadCapsule } from '../../capsule/load.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { DeployRecord, DeployStep } from '../../model/deploy.ts';
import type { Environment } from '../../model/environments.ts';
import { DEPLOY } from '../../model/statementKinds.ts';
import { signedWith } from '../../signing/heldKey.ts';
import { signStatement } from '../../signing/statement.ts';
import { targetContext, withSecrets } from './deployTarget.ts';
import { fileRecord } from '../provenance/fileRecord.ts';
import { secretsOfEnvironment } from '../workspace/secrets.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a person is told while it happens. */
export interface DeployListener {
  readonly onStart: (step: DeployStep['step']) => void;
  readonly onStep: (step: DeployStep) => void;
  readonly onLine: (line: string) => void;
}

export interface Rollout {
  readonly name: string;
  readonly environment: Environment;
  readonly capsuleHash: string;
  /** Digest of the decision that let this Capsule in. */
  readonly decision: string;
  readonly intent: 'deployed' | 'rolled-back';
  readonly listener: DeployListener;
  readonly signal: AbortSignal;
}

/** It was active already: nothing was done, and there is nothing to record. */
export interface Unchanged {
  /** What that rests on. The end of a sentence. */
  readonly activeMeans: string;
}

export interface RecordedRollout {
  readonly record: DeployRecord;
  readonly ledgerIndex: number;
  readonly runId: string;
}

/**
 * Makes a Capsule active in an environment and records how that went, signed, either way, unless it is active already. What was begun and never settled, as by a process that was killed, is
 * not active: it is done again, and what the ledger says was active before it is what a failure goes back to.
 * @throws MeshSimError `deploy-busy`, `secret-missing`, or what else keeps it from beginning
 */
export async function carryOut(
  workspace: Workspace,
  rollout: Rollout,
): Promise<RecordedRollout | Unchanged> {
  const { name, environment, capsuleHash, listener, signal } = rollout;
  const startedAt = workspace.now();
  const action = rollout.intent === 'deployed' ? 'deploy' : 'rollback';
  const context = await targetContext(workspace, name, action, listener.onLine);
  const place = targetFor(environment.target, context);
  const what = `the deploy of Capsule ${capsuleHash.slice(0, 12)}`;
  const release = await place.lock(ownerOf(name, what, startedAt));
  try {
    const active = await place.active(signal);
    const capsule = await loadCapsule(workspace.store, capsuleHash);
    if (active.capsuleHash === capsuleHash) {
      const why = await whyAgain(place, active, capsule, signal);
      if (why === undefined) return { activeMeans: place.activeMeans };
      listener.onLine(`${why} It is deployed again.`);
    }
    const previous =
      active.state === 'unsettled'
        ? settledBefore(context.lastActive, active.capsuleHash, capsuleHash)
        : active.capsuleHash;
    const secrets = await secretsOfEnvironment(name, environment.secrets, workspace.options);
    const target = targetFor(environment.target, withSecrets(context, secrets));
    const end = await rollOut({
      target,
      capsule,
      health: environment.target.health,
      previous,
      signal,
      now: () => workspace.now(),
      onStart: listener.onStart,
      onStep: listener.onStep,
    });
    const recorded = await record(workspace, {
      environment: name,
      target: environment.target.kind,
      status: end.cause === undefined ? rollout.intent : 'failed',
      capsuleHash,
      decision: rollout.decision,
      ...(previous === undefined ? {} : { previous }),
      ...(end.active === undefined ? {} : { active: end.active }),
      startedAt,
      endedAt: workspace.now(),
      steps: [...end.steps],
      ...(end.cause === undefined ? {} : { cause: end.cause }),
    });
    // Where this fails, the next deploy does the same once more.
    if (end.isSettled) await target.settle(new AbortController().signal).catch(() => undefined);
    return recorded;
  } finally {
    await release();
  }
}

/** Why what is active by its name is not what was signed. Undefined: as far as the target can be looked at, it is. */
async function whyAgain(
  place: DeployTarget,
  { state }: Active,
  capsule: Capsule,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (state === 'unsettled') return 'A deploy of it was begun and never ended well.';
  if (state === 'removed') return 'Its release is no longer there.';
  if (state === 'elsewhere') return 'What is active has its name and is not its release.';
  const altered = (await place.altered(capsule, signal)) ?? [];
  if (altered.length === 0) return undefined;
  return `Its release was altered after it was deployed: ${namedPaths(altered)}.`;
}

/** Another workspace may have begun what is active now; then there is nothing better to go back to. */
function settledBefore(
  last: string | undefined,
  active: string | undefined,
  wanted: string,
): string | undefined {
  return last ?? (active === wanted ? undefined : active);
}

async function record(workspace: Workspace, deploy: DeployRecord): Promise<RecordedRollout> {
  const { capsule: key } = await workspace.keyring();
  const ledger = await workspace.ledgerToAppend();
  const statement = deployStatement(deploy, await ledger.origin());
  const { index, leafHash } = await fileRecord(workspace, {
    kind: 'deploy',
    at: deploy.endedAt,
    envelope: await signedWith(key, (by) => signStatement(DEPLOY, statement, by)),
    publicKey: key.publicKey,
  });
  return { record: deploy, ledgerIndex: index, runId: leafHash };
}
