import type { FaultReport } from '../../model/faultReport.ts';
import type { FaultEffect } from '../../model/faultSchemas.ts';
import { spanOf } from '../../model/faultSpan.ts';
import type { Fault, Trigger } from '../../model/plan.ts';
import { firstEndOf, firstStartOf, type NodeClaims } from './nodeClaims.ts';
import { reportedFaults, type Reported } from './reportedFaults.ts';
import { CLOCK_STEP_MS, type Claims, type Rule } from './rule.ts';
import { cutsMigration, migrationMoment, momentOf } from './upgradeMoments.ts';

/** When each fault fired and ended, against its trigger and against the lives of the node it killed. Evidence v1 says nothing of it. */

/** Whether a fault of this kind can be over before the run is. */
function ends(effect: FaultEffect): boolean {
  const { endsAfterMs = Infinity, endIsTold } = spanOf(effect);
  return endIsTold || endsAfterMs < Infinity;
}

/**
 * The least ms between its two times. In the real world they are when each was done; a busy machine kills a node later than it was
 * due, and starts it again when that is due all the same.
 */
function leastMs(effect: FaultEffect, { plan }: Claims): number {
  return plan.world === 'real' ? 0 : (spanOf(effect).endsAfterMs ?? 0);
}

export const faultTimesFit: Rule = function* (claims) {
  const { result } = claims;
  for (const { report, fault } of reportedFaults(claims)) {
    const { firedAt, endedAt } = report;
    const name = `fault ${report.fault}`;
    if (firedAt !== null && (firedAt < result.startedAt || firedAt > result.endedAt)) {
      yield `It says that ${name} fired outside the run.`;
    }
    if (endedAt === null) continue;
    if (firedAt === null || !ends(fault.do)) {
      yield `It says that ${name} ended, which ${firedAt === null ? 'never fired' : 'the plan lets last'}.`;
      continue;
    }
    const lasted = Date.parse(endedAt) - Date.parse(firedAt);
    if (lasted + CLOCK_STEP_MS < leastMs(fault.do, claims) || endedAt > result.endedAt) {
      yield `It says that ${name} ended after ${lasted} ms or after the run, which its plan does not let it.`;
    }
  }
};

/** ms since the Unix epoch before which a trigger lets nothing fire; Infinity: it never lets it. */
function earliestFiring(when: Trigger, reported: readonly Reported[], claims: Claims): number {
  if ('atMs' in when) return Date.parse(claims.result.startedAt) + when.atMs;
  if ('phase' in when) {
    const node = claims.nodes.find(({ nodeId }) => nodeId === when.node);
    if (node === undefined) return Infinity;
    const isAtEnd = when.progress > 0 && when.phase !== 'receive';
    return (isAtEnd ? firstEndOf : firstStartOf)(node, when.phase) ?? Infinity;
  }
  if ('migrates' in when) return migrationMoment(when, claims.nodes);
  if (!('afterFault' in when)) {
    return Date.parse(claims.result.startedAt) + momentOf(when, claims.upgrade);
  }
  const before = reported[when.afterFault];
  const over = before === undefined ? undefined : overAt(before, claims);
  // As with leastMs: in the real world what comes after a late fault is due as if that had been in time.
  const delayMs = claims.plan.world === 'real' ? 0 : when.delayMs;
  return (over ?? Infinity) + delayMs;
}

/** ms since the Unix epoch; no sooner is it over. Undefined: it never was. */
function overAt({ report, fault: { do: effect } }: Reported, claims: Claims): number | undefined {
  const { endsAfterMs, endIsTold, isOverWhenHealthy } = spanOf(effect);
  const atOnce = endsAfterMs === undefined || endIsTold;
  const over = atOnce ? report.firedAt : report.endedAt;
  if (over !== null) return Date.parse(over);
  // A node that one fault has killed for good may be brought back by another.
  if (!isOverWhenHealthy || !('kill' in effect) || report.firedAt === null) return undefined;
  return healthyAgain(effect.kill, Date.parse(report.firedAt), claims);
}

/** When this node was healthy first after `since`; undefined: it never was. */
function healthyAgain(nodeId: string, since: number, { nodes }: Claims): number | undefined {
  const phases = nodes.find((node) => node.nodeId === nodeId)?.report.phases ?? [];
  return phases
    .filter(({ name, status }) => name === 'healthy' && status === 'ok')
    .map(({ end }) => Date.parse(end))
    .find((end) => end + CLOCK_STEP_MS >= since);
}

export const triggersCameFirst: Rule = function* (claims) {
  const reported = reportedFaults(claims);
  for (const { report, fault } of reported) {
    if (report.firedAt === null) continue;
    const earliest = earliestFiring(fault.when, reported, claims);
    if (Date.parse(report.firedAt) + CLOCK_STEP_MS < earliest) {
      yield `It says that fault ${report.fault} fired before what its plan lets it wait for.`;
    }
  }
};

/** A kill that waits for a migration of its own node comes while that goes on, and ends it. */
export const killsCutMigrations: Rule = function* (claims) {
  for (const { report, fault } of reportedFaults(claims)) {
    const { when, do: effect } = fault;
    if (!('migrates' in when) || !('kill' in effect) || effect.kill !== when.migrates) continue;
    if (report.firedAt === null) continue;
    if (!cutsMigration(when, claims.nodes, Date.parse(report.firedAt))) {
      yield `It says that fault ${report.fault} killed ${effect.kill} while that migrated, but by its phases it did not.`;
    }
  }
};

type Life = NodeClaims['lives'][number];

interface Kill {
  readonly index: number;
  readonly firedAt: number;
  /** NaN: the node was never started again. */
  readonly endedAt: number;
  readonly booted: boolean;
  readonly foundUp: boolean;
}

function killOf({ report, fault }: { report: FaultReport; fault: Fault }, nodeId: string): Kill[] {
  if (report.effect !== 'kill' || !('kill' in fault.do) || fault.do.kill !== nodeId) return [];
  if (report.firedAt === null) return [];
  const { fault: index, booted, held } = report;
  const times = { firedAt: Date.parse(report.firedAt), endedAt: Date.parse(report.endedAt ?? '') };
  return [{ index, ...times, booted, foundUp: booted || held > 0 }];
}

/** The kills of each node that fired, in the order they fired. */
function* killedNodes(claims: Claims): Iterable<{ node: NodeClaims; kills: Kill[] }> {
  const reported = reportedFaults(claims);
  for (const node of claims.nodes) {
    const kills = reported
      .flatMap((one) => killOf(one, node.nodeId))
      .sort((a, b) => a.firedAt - b.firedAt);
    if (kills.length > 0) yield { node, kills };
  }
}

function birthOf(life: Life): number {
  return Date.parse(life[0]?.start ?? '');
}

/** Only a restart gives a node its next life; and a node that was killed while it was up and is healthy has one since. */
export const livesBeginWithRestarts: Rule = function* (claims) {
  for (const { node, kills } of killedNodes(claims)) {
    const restarts = kills
      .map(({ endedAt }) => endedAt)
      .filter((at) => !Number.isNaN(at))
      .sort((a, b) => a - b);
    const births = node.lives.slice(1).map(birthOf);
    if (births.some((at, which) => !(at + CLOCK_STEP_MS >= (restarts[which] ?? Infinity)))) {
      yield `${node.nodeId} booted again before the faults that killed it are said to have ended.`;
    }
    const killedAt = kills.findLast(({ foundUp }) => foundUp)?.firedAt ?? -Infinity;
    const bornAt = birthOf(node.lives.at(-1) ?? []);
    if (node.isHealthy && bornAt + CLOCK_STEP_MS < killedAt) {
      yield `${node.nodeId} is healthy, but did not boot after it is said to have been killed.`;
    }
  }
};

/** Whether this life had ended its boot at a time, give or take the step of the clock. */
function bootedBy([boot]: Life, ms: number): boolean {
  return boot?.status === 'ok' && Date.parse(boot.end) <= ms;
}

/** In some life since the kill before, the node may have been up when it was killed. */
function mayHaveBeenUp(
  { lives }: NodeClaims,
  { firedAt }: Kill,
  earlier: readonly Kill[],
): boolean {
  const since = earlier.findLast(({ foundUp }) => foundUp)?.firedAt ?? -Infinity;
  return lives.some(
    (life) => birthOf(life) + CLOCK_STEP_MS >= since && bootedBy(life, firedAt + CLOCK_STEP_MS),
  );
}

/** It was up in the life it was in, which neither a failure nor an earlier kill had ended. */
function mustHaveBeenUp(node: NodeClaims, { firedAt }: Kill, earlier: readonly Kill[]): boolean {
  const life = node.lives.findLast((one) => birthOf(one) <= firedAt + CLOCK_STEP_MS) ?? [];
  const hasFailed = life.some(({ status, end }) => status === 'error' && Date.parse(end) < firedAt);
  const wasKilled = earlier.some((kill) => kill.firedAt + CLOCK_STEP_MS >= birthOf(life));
  return !hasFailed && !wasKilled && bootedBy(life, firedAt - 2 * CLOCK_STEP_MS);
}

export const killsFindWhatPhasesShow: Rule = function* (claims) {
  for (const { node, kills } of killedNodes(claims)) {
    for (const [which, kill] of kills.entries()) {
      const earlier = kills.slice(0, which);
      if (kill.booted && !mayHaveBeenUp(node, kill, earlier)) {
        yield `Fault ${kill.index} is said to have found ${node.nodeId} booted, but by its phases it was not.`;
      }
      // A kill that was no crash found a node that had failed, perhaps in the same millisecond.
      const allCrashed = node.crashes >= kills.length;
      if (!kill.booted && allCrashed && mustHaveBeenUp(node, kill, earlier)) {
        yield `Fault ${kill.index} is said to have found ${node.nodeId} not yet booted, but by its phases it was.`;
      }
    }
  }
};
