import { MeshSimError } from '../../base/errors.ts';
import { decide } from '../../deploy/gate.ts';
import { toldRecords } from '../../deploy/capsuleRules.ts';
import type { Active } from '../../deploy/targets/deployTarget.ts';
import { targetFor } from '../../deploy/targets/targetFor.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import { reasonsOf } from '../../model/deploy.ts';
import { deployedBefore, othersThan, successfulDeploys, type PastDeploy } from './deployHistory.ts';
import { carryOut, type DeployListener, type RecordedRollout } from './deployRollout.ts';
import { targetContext, whileLocked } from './deployTarget.ts';
import { environmentOf } from './environments.ts';
import { assertPrefix } from '../capsules/findCapsule.ts';
import { gateFacts } from './gateInput.ts';
import { readProvenance } from '../provenance/provenance.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface RollbackRequest {
  readonly environment: string;
  /** A prefix of the hash to go back to; left out: what was deployed before what is active. */
  readonly to?: string | undefined;
  readonly signal: AbortSignal;
  readonly listener: DeployListener;
}

/**
 * Goes back to a Capsule that was deployed to the environment before. It was let in then, so no new rehearsal is asked
 * for; what the Capsule itself is, its signature, content and ledger, is checked like at every deploy.
 * @throws MeshSimError `deploy-failed` when there is nothing to go back to, `gate-refused`, `deploy-busy`
 */
export async function rollBack(
  workspace: Workspace,
  request: RollbackRequest,
): Promise<RecordedRollout> {
  const { environment: name, listener, signal } = request;
  const environment = await environmentOf(workspace, name);
  return whileLocked(workspace, name, 'a rollback', async () => {
    const entries = await soundEntries(workspace);
    const context = await targetContext(workspace, name, 'rollback', listener.onLine);
    const active = await targetFor(environment.target, context).active(signal);
    const past = successfulDeploys(entries, name);
    const deployed = earlier(past, active, request);
    const { capsuleHash, decision } = deployed.entry;
    await assertSound(workspace, name, deployed);
    const recorded = await carryOut(workspace, {
      name,
      environment,
      capsuleHash,
      decision: decision ?? '',
      intent: 'rolled-back',
      listener,
      signal,
    });
    if (!('activeMeans' in recorded)) return recorded;
    const already = `${capsuleHash} is active in ${name} already: ${recorded.activeMeans}.`;
    throw new MeshSimError('deploy-failed', already);
  });
}

/** @throws MeshSimError `gate-refused`: what a broken ledger says of the past is nothing to go back to */
async function soundEntries(workspace: Workspace): Promise<readonly AppendedEntry[]> {
  const { entries, integrity } = await readProvenance(workspace);
  if (integrity.status !== 'broken') return entries;
  throw new MeshSimError('gate-refused', `The ledger is broken: ${integrity.sentence}`);
}

/** From what was begun and never settled one goes back to what was deployed last. */
function earlier(
  past: readonly PastDeploy[],
  { capsuleHash, state }: Active,
  { environment, to }: RollbackRequest,
): PastDeploy {
  if (to !== undefined) assertPrefix(to);
  const possible = othersThan(state === 'settled' ? capsuleHash : undefined, past);
  const before = state === 'unsettled' ? possible.at(-1) : deployedBefore(past, capsuleHash);
  const found =
    to === undefined ? before : possible.findLast(({ entry }) => entry.capsuleHash.startsWith(to));
  if (found !== undefined) return found;
  throw new MeshSimError(
    'deploy-failed',
    to === undefined
      ? `There is nothing to go back to in ${environment}: no other Capsule was deployed there before what is active.`
      : `No other Capsule "${to}" was ever deployed to ${environment}.`,
  );
}

/** Of what was recorded about the Capsule, only the chain that let it in counts: another record is no reason to stay. */
async function assertSound(
  workspace: Workspace,
  environment: string,
  { index, entry: { capsuleHash } }: PastDeploy,
): Promise<void> {
  const facts = await gateFacts(workspace, capsuleHash, { restingOn: index });
  const sound = decide(
    { ...facts, environment, active: [], unproven: [] },
    undefined,
    workspace.clock.wall(),
  );
  const reasons = reasonsOf(sound);
  if (facts.unproven.length > 0) {
    const way =
      'Restore what is stored, go back to another Capsule, or deploy it through the gate.';
    reasons.push(`${toldRecords(facts.unproven)} ${way}`);
  }
  if (reasons.length > 0) throw new MeshSimError('gate-refused', reasons.join(' '));
}
