import { BESIDE_PHASES, MOVE_PHASES, NODE_PHASES, PHASES } from '../../model/plan.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import type { Attempt, NodeClaims } from './nodeClaims.ts';
import type { Rule } from './rule.ts';

export const phasesAreKnown: Rule = function* ({ nodes, plan }) {
  const known: readonly string[] = plan.upgrade === undefined ? PHASES : NODE_PHASES;
  for (const { nodeId, report } of nodes) {
    const other = report.phases.find(({ name }) => !known.includes(name));
    if (other !== undefined) yield `${nodeId} has a phase "${other.name}", which is none.`;
  }
};

/** What a node does before it runs anything: what fails then, no move mends. */
const BEFORE_START: readonly string[] = PHASES.slice(0, PHASES.indexOf('start'));

/** The phase that may come after this attempt; undefined: none. In an upgrade, a move may mend services that failed. */
function phaseAfter({ name, status }: Attempt, moves: boolean): string | undefined {
  if (status === 'error') return moves && !BEFORE_START.includes(name) ? MOVE_PHASES[0] : undefined;
  if (name === 'healthy') return moves ? MOVE_PHASES[0] : undefined;
  const order: readonly string[] = name === 'stop' || name === 'migrate' ? MOVE_PHASES : PHASES;
  return order[order.indexOf(name) + 1];
}

/**
 * A life goes through the phases in their order, then, where it `moves`, through those of a move again and again. It ends with the
 * first that fails, or in a move after that. One that was healthy and broke later has failed `healthy` once more.
 */
function isInOrder(life: readonly Attempt[], moves: boolean): boolean {
  return life.every(({ name, status }, at) => {
    const before = life[at - 1];
    if (before === undefined) return name === PHASES[0];
    const brokeLater = before.name === 'healthy' && before.status === 'ok' && name === 'healthy';
    return name === phaseAfter(before, moves) || (brokeLater && status === 'error');
  });
}

/** A life whose services start beside those that serve: the first of these, then the others again and again. */
const LIFE_BESIDE: readonly string[] = [...PHASES, ...BESIDE_PHASES];
const AT_REST = PHASES.length - 1;
const STOPS = LIFE_BESIDE.indexOf('stop');

/** Where in LIFE_BESIDE the next attempt may be; undefined: none may follow. What fails beside what serves is stopped. */
function placeAfter(place: number, status: Attempt['status']): number | undefined {
  if (status === 'error') return place > AT_REST && place < STOPS ? STOPS : undefined;
  return place === LIFE_BESIDE.length - 1 ? AT_REST + 1 : place + 1;
}

/** The same as isInOrder, of a life in which services start beside those that serve. */
function isInOrderBeside(life: readonly Attempt[]): boolean {
  let place: number | undefined = 0;
  return life.every(({ name, status }, at) => {
    const before = life[at - 1];
    const brokeLater = before?.name === 'healthy' && before.status === 'ok' && name === 'healthy';
    const isNext = place !== undefined && LIFE_BESIDE[place] === name;
    place = place === undefined || !isNext ? undefined : placeAfter(place, status);
    return isNext || (brokeLater && status === 'error');
  });
}

/** A node that was healthy lives on until it breaks: only then can another life begin. */
function hasEnded(life: readonly Attempt[]): boolean {
  const last = life.at(-1);
  return last?.name !== 'healthy' || last.status === 'error';
}

export const phasesAreInOrder: Rule = function* ({ nodes, plan }) {
  const { upgrade } = plan;
  const isRight = (life: readonly Attempt[]) =>
    startsBeside(upgrade) ? isInOrderBeside(life) : isInOrder(life, upgrade !== undefined);
  for (const { nodeId, lives } of nodes) {
    const isFine = lives.every(
      (life, at) => isRight(life) && (at === lives.length - 1 || hasEnded(life)),
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

/** A node whose own host offers it other content halts in `verify`, in every life. In an upgrade what it verifies first is the old Capsule. */
export const driftIsFound: Rule = function* ({ nodes, plan }) {
  if (!plan.params.verifySignatures || plan.upgrade !== undefined) return;
  for (const { nodeId, report } of nodes) {
    if (plan.drift.some(({ node }) => node === nodeId) && verifiedIn(report.phases)) {
      yield `${nodeId} was offered other commits than the signed ones, and yet is said to have verified them.`;
    }
  }
};
