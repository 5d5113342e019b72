import type { FaultReport } from '../../model/faultReport.ts';
import { kindOf, type EffectOf, type FaultKind } from '../../model/faultKinds.ts';
import { spanOf } from '../../model/faultSpan.ts';
import type { FaultEffect } from '../../model/faultSchemas.ts';
import type { Fault } from '../../model/plan.ts';
import { reportedFaults } from './reportedFaults.ts';
import { held, isPass, type Claims, type Rule } from './rule.ts';

/** What evidence v2 says each fault did, against the plan's schedule and what nodes and links counted. v1 says nothing of it. */

export const faultsAreThePlans: Rule = function* ({ evidence, planned }) {
  if (!('faults' in evidence) || planned === undefined) return;
  const { schedule } = planned;
  const isComplete =
    evidence.faults.length === schedule.length &&
    evidence.faults.every(
      ({ fault, effect }, index) => fault === index && effect in (schedule[index]?.do ?? {}),
    );
  if (!isComplete) yield 'It must report each fault of its schedule once, in order, by its effect.';
};

export const exercisedFaultsFired: Rule = function* (claims) {
  if (!held(claims, 'converged')) return;
  for (const { report } of reportedFaults(claims)) {
    if (report.firedAt === null) {
      yield `All chaos is said to have been exercised, but fault ${report.fault} never fired.`;
    }
  }
};

/**
 * In a pass every node is up at the end: whatever killed it, it was started again, by that fault or by another that killed it too.
 */
export const passedKillsEnded: Rule = function* (claims) {
  if (!isPass(claims)) return;
  const kills = reportedFaults(claims).flatMap(({ report, fault }) =>
    'kill' in fault.do ? [{ ...report, nodeId: fault.do.kill }] : [],
  );
  for (const { fault, nodeId, firedAt } of kills) {
    if (firedAt === null) continue;
    const isUp = kills.some(
      ({ nodeId: killed, endedAt }) => killed === nodeId && endedAt !== null && endedAt >= firedAt,
    );
    if (!isUp) {
      yield `The run passed, but the node that fault ${fault} killed was never started again.`;
    }
  }
};

/** What a report counts of its fault's work: all 0 while it did nothing. */
const COUNTS = [
  'booted',
  'held',
  'impaired',
  'impairedOfServices',
  'refused',
  'processes',
  'packets',
  'answers',
  'filled',
] as const;

function didSomething(report: FaultReport): boolean {
  const counted = report as Partial<Record<(typeof COUNTS)[number], number | boolean>>;
  return COUNTS.some((count) => Number(counted[count] ?? 0) > 0);
}

export const onlyFiredFaultsAct: Rule = function* (claims) {
  for (const { report } of reportedFaults(claims)) {
    if (report.firedAt === null && didSomething(report)) {
      yield `Fault ${report.fault} never fired, and yet it is said to have done something.`;
    }
  }
};

/** Without a network of its own, no node has a name server or a wire; without mounts of its own, no disk. */
const NEEDS_NAMESPACES: readonly string[] = ['refuse', 'dns', 'fillDisk'];

/** What acts on services is told by their nodes, and only where it can be. */
export const appliedFaultsCouldBe: Rule = function* (claims) {
  const { plan, evidence } = claims;
  const { os } = evidence.environment;
  for (const { report, fault } of reportedFaults(claims)) {
    if (!spanOf(fault.do).endIsTold) continue;
    const { firedAt, fault: index } = report;
    const { notApplied } = report as { readonly notApplied?: string };
    const acted = didSomething(report);
    if (notApplied !== undefined && (firedAt === null || acted || report.endedAt !== null)) {
      yield `Fault ${index} is said not to have been applied, and yet to have fired, acted or ended as if it had been.`;
    }
    if (acted && plan.world === 'virtual') {
      yield `Fault ${index} is said to have acted on services, but none runs in virtual time.`;
    }
    if (acted && os !== 'linux' && NEEDS_NAMESPACES.includes(report.effect)) {
      yield `Fault ${index} (${report.effect}) takes namespaces, which only Linux gives, and it ran on ${os}.`;
    }
    if ('killService' in fault.do && report.endedAt !== null && !acted) {
      yield `A service is said to have come back after fault ${index}, which killed no process.`;
    }
  }
};

/** Bytes: what is left is whole blocks, which are a page of memory each. */
const LARGEST_BLOCK = 65_536;

/** A disk was looked at when room was taken from it, and only then. */
export const filledDisksWereSeen: Rule = function* (claims) {
  for (const { report, fault } of reportedFaults(claims)) {
    if (report.effect !== 'fillDisk' || !('fillDisk' in fault.do)) continue;
    const { leaveBytes } = fault.do;
    if ((report.leastFree ?? 0) >= leaveBytes + LARGEST_BLOCK) {
      yield `Fault ${report.fault} is said to have left ${report.leastFree} bytes on a disk; the plan says ${leaveBytes}.`;
    }
    if (report.filled > 0 !== (report.leastFree !== null)) {
      yield `Fault ${report.fault} is said to have taken ${report.filled} bytes from a disk of which ${report.leastFree ?? 'nobody saw how many'} were free.`;
    }
  }
};

/** A crash is a kill that fired; a kill of a node that was up is a crash. */
export const killsAreCrashes: Rule = function* (claims) {
  const reported = reportedFaults(claims);
  if (!('faults' in claims.evidence) || reported.length < claims.evidence.faults.length) return;
  for (const { nodeId, crashes } of claims.nodes) {
    const kills = reported.flatMap(({ report, fault }) =>
      report.effect === 'kill' && 'kill' in fault.do && fault.do.kill === nodeId ? [report] : [],
    );
    const fired = kills.filter(({ firedAt }) => firedAt !== null).length;
    const found = kills.filter(({ booted, held: chunks }) => booted || chunks > 0).length;
    if (crashes > fired) yield `${nodeId} crashed ${crashes} times, of ${fired} kills that fired.`;
    if (found > crashes)
      yield `${found} kills found ${nodeId} up, but it crashed ${crashes} times.`;
  }
};

type Touches = {
  readonly [Kind in FaultKind]?: (effect: EffectOf<Kind>, from: string, to: string) => boolean;
};

/** The links that faults of links are about. */
const TOUCHES: Touches = {
  partition: ({ partition: { from: left, to: right, oneWay } }, from, to) => {
    const isAcross = left.includes(from) && right.includes(to);
    return isAcross || (!oneWay && left.includes(to) && right.includes(from));
  },
  degradeLink: ({ degradeLink }, from, to) => degradeLink.from === from && degradeLink.to === to,
  slow: ({ slow }, from, to) => from === slow || to === slow,
  corruptChunks: ({ corruptChunks }, _from, to) => to === corruptChunks.to,
};

/** Packets a fault can have touched. */
function touched({ do: effect }: Fault, { evidence }: Claims): { sent: number; cut: number } {
  const touches = TOUCHES[kindOf(effect)] as
    ((of: FaultEffect, from: string, to: string) => boolean) | undefined;
  const links = evidence.network.links.filter(({ from, to }) => touches?.(effect, from, to));
  return {
    sent: links.reduce((sum, link) => sum + link.sent, 0),
    cut: links.reduce((sum, link) => sum + link.unreachable, 0),
  };
}

export const impairedPacketsWereSent: Rule = function* (claims) {
  for (const { report, fault } of reportedFaults(claims)) {
    if (!('impaired' in report)) continue;
    const { sent, cut } = touched(fault, claims);
    const most = report.effect === 'partition' ? cut : sent;
    if (report.impaired > most) {
      yield `Fault ${report.fault} is said to have impaired ${report.impaired} packets, of ${most} it can have touched.`;
    }
    if ('corruptChunks' in fault.do && report.impaired > fault.do.corruptChunks.count) {
      yield `Fault ${report.fault} is said to have damaged ${report.impaired} chunks; the plan says ${fault.do.corruptChunks.count}.`;
    }
  }
};

/** Packets of services are counted over all links together. */
export const impairedServicePacketsWereSent: Rule = function* (claims) {
  const { network } = claims.evidence;
  const traffic = 'services' in network ? network.services : undefined;
  for (const { report } of reportedFaults(claims)) {
    const { impairedOfServices: impaired } = report as { readonly impairedOfServices?: number };
    if (impaired === undefined) continue;
    if (traffic === undefined) {
      yield `Fault ${report.fault} is said to have met packets of services, but none are counted.`;
      continue;
    }
    const most = report.effect === 'partition' ? traffic.unreachable : traffic.sent;
    if (impaired > most) {
      yield `Fault ${report.fault} is said to have impaired ${impaired} packets of services, of ${most} it can have touched.`;
    }
  }
};

/** What was refused because of a fault is among what nodes refused. */
export const faultRefusalsWereRefused: Rule = function* (claims) {
  for (const { report, fault } of reportedFaults(claims)) {
    if (!('refused' in report)) continue;
    const effect = fault.do;
    const refused = claims.nodes
      .filter(({ nodeId }) => !('corruptChunks' in effect) || effect.corruptChunks.to === nodeId)
      .reduce((sum, { recovery }) => sum + (recovery?.refused ?? 0), 0);
    if (report.refused > refused) {
      yield `Fault ${report.fault} is said to have had ${report.refused} things refused, of ${refused} that nodes refused.`;
    }
  }
};
