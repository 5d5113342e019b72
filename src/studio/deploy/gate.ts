import type { Clock } from '../../base/clock.ts';
import { MeshSimError } from '../../base/errors.ts';
import { decide } from '../../deploy/gate.ts';
import type { GateFacts } from '../../deploy/gateFacts.ts';
import { EVIDENCE_RULES } from '../../deploy/gateRules.ts';
import { effectivePolicy } from '../../deploy/gatePolicy.ts';
import type { DescribedHosts } from '../../deploy/neededHosts.ts';
import { neededPlan } from '../../deploy/neededPlan.ts';
import { replacedBy } from '../../deploy/upgradeRules.ts';
import { decisionStatement } from '../../deploy/statements.ts';
import { reasonProblem } from '../../model/breakGlass.ts';
import type { Decision, EffectivePolicy } from '../../model/deploy.ts';
import { GATE_DECISION } from '../../model/statementKinds.ts';
import { signedWith } from '../../signing/heldKey.ts';
import { signStatement } from '../../signing/statement.ts';
import { activeIn } from './activeIn.ts';
import { environmentOf } from './environments.ts';
import { fileRecord } from '../provenance/fileRecord.ts';
import { resolveCapsule } from '../capsules/findCapsule.ts';
import { gateFacts } from './gateInput.ts';
import { describedHosts } from '../workspace/hostsFile.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface GateRequest {
  readonly environment: string;
  /** The hash of a packed Capsule, or a unique prefix of it. */
  readonly capsule: string;
  /** Why the gate is to be overridden, see `reasonProblem`. */
  readonly breakGlass?: string | undefined;
}

export interface GateAnswer {
  readonly decision: Decision;
  readonly policy: EffectivePolicy | undefined;
  /** The rehearsal that would meet the policy; undefined when none is asked for, or none would help. */
  readonly needs: ReturnType<typeof neededPlan>;
}

export interface PassedGate extends GateAnswer {
  /**
   * Absent: it refused, and there is nothing to add it to, since the ledger is broken, or nothing to sign it about, since no
   * trusted key packed the Capsule here.
   */
  readonly record?: DecisionRecord;
}

/** Where a decision is recorded. */
export interface DecisionRecord {
  /** Digest of the signed decision: how a deploy names it. */
  readonly digest: string;
  readonly ledgerIndex: number;
  readonly runId: string;
}

/**
 * What the gate would say now; nothing is written.
 * @throws MeshSimError `usage` for a reason that is none, `environment-unknown`, `environments-invalid`, `capsule-unknown`,
 * `capsule-ambiguous`
 */
export async function previewGate(workspace: Workspace, request: GateRequest): Promise<GateAnswer> {
  return (await askGate(workspace, request)).answer;
}

async function askGate(
  workspace: Workspace,
  request: GateRequest,
): Promise<{ readonly facts: GateFacts; readonly answer: GateAnswer }> {
  assertReason(request.breakGlass);
  const environment = await environmentOf(workspace, request.environment);
  const facts = await gateFacts(workspace, await hashOf(workspace, request.capsule));
  const active = await activeIn(workspace, request.environment);
  const hosts = await describedHosts(workspace.options.folder);
  const asked = { ...request, active, hosts, policy: effectivePolicy(environment) };
  return { facts, answer: gateAnswer(facts, asked, workspace.clock) };
}

/** @throws MeshSimError `usage`: a reason is for whoever reads the ledger later */
export function assertReason(breakGlass: string | undefined): void {
  const problem = breakGlass === undefined ? undefined : reasonProblem(breakGlass);
  if (problem === undefined) return;
  throw new MeshSimError(
    'usage',
    `Breaking the glass needs a reason, and this one ${problem}: it is signed and stays in the ledger.`,
  );
}

/** Of a ledger that nobody can read, that it is broken is the gate's to say: it signs nothing then. */
async function hashOf(workspace: Workspace, capsule: string): Promise<string> {
  try {
    return await resolveCapsule(workspace, capsule);
  } catch (error) {
    const isUnreadable = error instanceof MeshSimError && error.code === 'ledger-broken';
    if (isUnreadable && /^[0-9a-f]{64}$/.test(capsule)) return capsule;
    throw error;
  }
}

/** Where only the Capsule or its records do not hold, rehearsing changes nothing. */
function isRehearsalWanted({ decision, rules }: Decision): boolean {
  const wanted = new Set(EVIDENCE_RULES.map(({ rule }) => rule));
  const isFailed = rules.some(({ rule, status }) => status === 'failed' && wanted.has(rule));
  return decision === 'allow' || isFailed;
}

/** What the gate of an environment says of a Capsule of which everything is known. */
export function gateAnswer(
  facts: GateFacts,
  asked: {
    readonly environment: string;
    readonly active: readonly string[];
    readonly policy: EffectivePolicy | undefined;
    /** Those of the workspace, which the rehearsal that is proposed may use. */
    readonly hosts: DescribedHosts;
    readonly breakGlass?: string | undefined;
  },
  clock: Clock,
): GateAnswer {
  const { environment, active, policy, breakGlass, hosts } = asked;
  const input = {
    ...facts,
    environment,
    active,
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
  const decision = decide(input, policy, clock.wall());
  const needs = isRehearsalWanted(decision)
    ? neededPlan(facts.capsuleHash, policy, { replaced: replacedBy(input), hosts })
    : undefined;
  return { decision, policy, needs };
}

/**
 * Asks the gate, and signs and records what it said, whichever it was. A permission that cannot be recorded is none. Nothing
 * is signed about a Capsule that no trusted key packed here: of such a one the refusal has no record.
 * @throws MeshSimError as `previewGate`, and of the keys, the disk or the ledger
 */
export async function passGate(workspace: Workspace, request: GateRequest): Promise<PassedGate> {
  const { facts, answer } = await askGate(workspace, request);
  const { decision, policy } = answer;
  if (isLedgerBroken(decision) || facts.pack?.isVouchedFor !== true) return answer;
  try {
    return { ...answer, record: await recordDecision(workspace, decision, policy) };
  } catch (error) {
    if (!(error instanceof MeshSimError) || error.code !== 'disk-failed') throw error;
    const said = decision.decision === 'allow' ? 'would allow it' : 'refuses it';
    throw new MeshSimError(
      'disk-failed',
      `The gate ${said}, but nothing is allowed that cannot be recorded. ${error.message} To ask without recording, use "mesh-sim gate --dry-run".`,
      { cause: error },
    );
  }
}

async function recordDecision(
  workspace: Workspace,
  decision: Decision,
  policy: EffectivePolicy | undefined,
): Promise<DecisionRecord> {
  const { capsule: key } = await workspace.keyring();
  const ledger = await workspace.ledgerToAppend();
  const statement = decisionStatement(decision, policy, await ledger.origin());
  const { index, leafHash, entry } = await fileRecord(workspace, {
    kind: 'gate-decision',
    at: decision.decidedAt,
    envelope: await signedWith(key, (by) => signStatement(GATE_DECISION, statement, by)),
    publicKey: key.publicKey,
  });
  const digest = 'body' in entry ? entry.body : '';
  return { digest, ledgerIndex: index, runId: leafHash };
}

function isLedgerBroken({ rules }: Decision): boolean {
  return rules.some(({ rule, status }) => rule === 'ledger-intact' && status === 'failed');
}
