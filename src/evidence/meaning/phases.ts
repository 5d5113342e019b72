import { MOVE_PHASES, NODE_PHASES, PHASES } from '../../model/plan.ts';
import type { Attempt, NodeClaims } from './nodeClaims.ts';
import { LAST_PHASE, type Rule } from './rule.ts';

export const phasesAreKnown: Rule = function* ({ nodes, plan }) {
  const known: readonly string[] = plan.upgrade === undefined ? PHASES : NODE_PHASES;
  for (const { nodeId, report } of nodes) {
    const other = report.phases.find(({ name }) => !known.includes(name));
    if (other !== undefined) yield `${nodeId} has a phase "${other.name}", which is none.`;
  }
};

/** The phase at this place of a life; undefined: it has no more. One that `moves` goes through those of a move again and again. */
function phaseAt(at: number, moves: boolean): string | undefined {
  if (at <= LAST_PHASE || !moves) return PHASES[at];
  return MOVE_PHASES[(at - LAST_PHASE - 1) % MOVE_PHASES.length];
}

/**
 * A life goes through the phases in their order and ends with the first that fails. One that was healthy and broke later has
 * failed `healthy` once more.
 */
function isInOrder(life: readonly Attempt[], moves: boolean): boolean {
  return life.every(({ name, status }, at) => {
    const isLast = at === life.length - 1;
    if (name === phaseAt(at, moves)) return status === 'ok' || isLast;
    const brokeLater = life[at - 1]?.name === 'healthy' && name === 'healthy';
    return brokeLater && status === 'error' && isLast;
  });
}

/** A node that was healthy lives on until it breaks: only then can another life begin. */
function hasEnded(life: readonly Attempt[]): boolean {
  const last = life.at(-1);
  return last?.name !== 'healthy' || last.status === 'error';
}

export const phasesAreInOrder: Rule = function* ({ nodes, plan }) {
  const moves = plan.upgrade !== undefined;
  for (const { nodeId, lives } of nodes) {
    const isFine = lives.every(
      (life, at) => isInOrder(life, moves) && (at === lives.length - 1 || hasEnded(life)),
    );
    if (!isFine) {
      yield `The phases of ${nodeId} are not in the order ${PHASES.join(', ')}, each after the one before it ended well.`;
    }
  }
};

export const phasesAreReported: Rule = function* ({ nodes }) {
  for (const { nodeId, lives } of nodes) {
    if (lives.length === 0) yield `No phase of ${nodeId} is reported.`;
  }
};

/** Only what failed is explained, and by something. */
export const onlyFailuresAreExplained: Rule = function* ({ nodes }) {
  for (const { nodeId, report } of nodes) {
    for (const { name, status, details } of report.phases) {
      if (details === undefined) continue;
      if (status === 'ok') yield `${nodeId} ended "${name}" well and explains why it failed.`;
      if (details === '') yield `${nodeId} explains how "${name}" failed with an empty sentence.`;
    }
  }
};

function verifiedIn(attempts: readonly Attempt[] | undefined): boolean {
  return attempts?.some(({ name, status }) => name === 'verify' && status === 'ok') === true;
}

/** A crash makes a node forget: what counts is its last life, and without a crash the only one. */
function mayHaveVerified({ lives }: NodeClaims): boolean {
  return verifiedIn(lives.at(-1));
}

export const signaturesFollow: Rule = function* ({ nodes, plan }) {
  for (const node of nodes) {
    const { nodeId, report, crashes, isHealthy } = node;
    const could = plan.params.verifySignatures && mayHaveVerified(node);
    if (report.signatureVerified && !could) {
      yield `${nodeId} is said to have verified the signature, but ${plan.params.verifySignatures ? 'its phase "verify" did not end well' : 'checks were switched off'}.`;
    }
    const must = could && (crashes === 0 || isHealthy);
    if (must && !report.signatureVerified) {
      yield `${nodeId} is said not to have verified the signature, but its phase "verify" ended well.`;
    }
  }
};

/** A node whose own host offers it other content halts in `verify`, in every life. */
export const driftIsFound: Rule = function* ({ nodes, plan }) {
  if (!plan.params.verifySignatures) return;
  for (const { nodeId, report } of nodes) {
    if (plan.drift.some(({ node }) => node === nodeId) && verifiedIn(report.phases)) {
      yield `${nodeId} was offered other commits than the signed ones, and yet is said to have verified them.`;
    }
  }
};
