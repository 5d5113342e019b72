import { MeshSimError } from '../base/errors.ts';
import { presetSchedule } from './chaosPresets.ts';
import { changedSpec } from './linkChange.ts';
import { isImpaired } from './linkImpairment.ts';
import { linkLayout, type LinkedPlan, type LinkLayout } from './linkLayout.ts';
import { meanDelay } from './linkMeasures.ts';
import { nodeIdOf, nodeIndexOf } from './nodeIds.ts';
import type { Fault, FaultEffect, Plan } from './plan.ts';
import type { LinkSpec } from './topology.ts';

/** What of a plan its faults and their links follow from. */
export type FaultPlan = LinkedPlan & Pick<Plan, 'deadlineMs'> & { readonly chaos: Plan['chaos'] };

/** A fault that cannot do anything, whatever happens in the run. */
export interface IdleFault {
  /** Index in the resolved schedule. */
  readonly fault: number;
  /** The end of a sentence that begins with the fault: "slows n2 by a factor of 1". */
  readonly why: string;
}

interface Question {
  readonly plan: FaultPlan;
  readonly layout: LinkLayout;
  readonly schedule: readonly Fault[];
  readonly due: readonly number[];
}

/**
 * The faults of a plan that cannot have an effect, of those a run would accept: they fire, at best, and change nothing for any
 * packet or node. A run with only such faults had no chaos. Of a topology that no run accepts, the list is empty.
 */
export function faultsWithoutEffect(plan: FaultPlan): IdleFault[] {
  const { preset, faults } = plan.chaos;
  const schedule = faults.length > 0 ? faults : presetSchedule(preset, plan.params.nodes);
  if (schedule.length === 0) return [];
  const layout = layoutOf(plan);
  if (layout === undefined) return [];
  const question = { plan, layout, schedule, due: dueTimes(schedule, plan) };
  return schedule.flatMap((fault, index) => {
    const why = idleTrigger(fault, index, question) ?? idleEffect(fault, question);
    return why === undefined ? [] : [{ fault: index, why }];
  });
}

/** What a person who is about to run the plan is shown of one such fault. */
export function idleFaultSentence({ fault, why }: IdleFault): string {
  return `Fault ${fault} ${why}: it has no effect and does not count as chaos.`;
}

function layoutOf(plan: LinkedPlan): LinkLayout | undefined {
  try {
    return linkLayout(plan);
  } catch (error) {
    if (error instanceof MeshSimError) return undefined;
    throw error;
  }
}

/** When each fault fires at the earliest, ms since the run began; Infinity: never. */
function dueTimes(schedule: readonly Fault[], { params }: FaultPlan): number[] {
  const due: number[] = [];
  for (const { when } of schedule) {
    if ('atMs' in when) due.push(when.atMs);
    else if ('node' in when) due.push(nodeIndexOf(when.node) < params.nodes ? 0 : Infinity);
    else {
      const before = schedule[when.afterFault]?.do;
      const over = before === undefined ? 0 : overAfter(before);
      due.push((due[when.afterFault] ?? 0) + over + when.delayMs);
    }
  }
  return due;
}

/** How long a fault that fired lasts at least, ms; Infinity: it is never over. */
function overAfter(effect: FaultEffect): number {
  if ('kill' in effect) return effect.restartAfterMs ?? Infinity;
  return 'partition' in effect ? (effect.healAfterMs ?? Infinity) : 0;
}

function idleTrigger(
  { when }: Fault,
  index: number,
  { plan: { deadlineMs }, due }: Question,
): string | undefined {
  const at = due[index] ?? 0;
  if (at < deadlineMs) return undefined;
  if ('node' in when) return `waits for ${when.node}, which is not in the mesh`;
  if (at < Infinity) {
    const earliest = 'afterFault' in when ? ' at the earliest' : '';
    return `is due at ${at} ms${earliest}, but the run ends at ${deadlineMs} ms, its deadline`;
  }
  return 'waits for an earlier fault that is never over';
}

function idleEffect({ when, do: effect }: Fault, question: Question): string | undefined {
  const { nodes } = question.plan.params;
  const isThere = (nodeId: string) => nodeIndexOf(nodeId) < nodes;
  if ('kill' in effect) {
    if (!isThere(effect.kill)) return `kills ${effect.kill}, which is not in the mesh`;
    const isBeforeBoot =
      ('atMs' in when && when.atMs === 0) ||
      ('node' in when && when.node === effect.kill && when.phase === 'boot' && when.progress === 0);
    return isBeforeBoot ? `kills ${effect.kill} before it has booted` : undefined;
  }
  if ('partition' in effect) return idlePartition(effect, question);
  if ('degradeLink' in effect) return idleDegrade(effect.degradeLink, question);
  if ('slow' in effect) return idleSlow(effect, question);
  if ('corruptChunks' in effect) {
    const { to } = effect.corruptChunks;
    if (to === 'n0') return 'damages chunks to n0, which has them from the start';
    return linksOf(to, question).length > 0
      ? undefined
      : `damages chunks to ${to}, which has no link`;
  }
  const relaysTo = linksOf(effect.byzantine, question).some(
    ({ from, to }) => from === effect.byzantine && to !== 'n0',
  );
  return relaysTo
    ? undefined
    : `alters what ${effect.byzantine} relays, but it has no neighbour to relay to except n0`;
}

function idlePartition(
  { partition, healAfterMs }: Extract<FaultEffect, { partition: unknown }>,
  { layout }: Question,
): string | undefined {
  const { from, to, oneWay } = partition;
  if (healAfterMs === 0) return 'heals its partition at once';
  const isCut = from.some((one) =>
    to.some((other) => {
      const [a, b] = [nodeIndexOf(one), nodeIndexOf(other)];
      return one !== other && (layout.specOf(a, b) >= 0 || (!oneWay && layout.specOf(b, a) >= 0));
    }),
  );
  return isCut ? undefined : `cuts ${from.join(', ')} off ${to.join(', ')}, which no link joins`;
}

function idleDegrade(
  { from, to, ...change }: Extract<FaultEffect, { degradeLink: unknown }>['degradeLink'],
  { layout, schedule }: Question,
): string | undefined {
  const spec = layout.specs[layout.specOf(nodeIndexOf(from), nodeIndexOf(to))];
  if (spec === undefined) return `changes the link from ${from} to ${to}, which is not there`;
  // What an earlier fault has left of the link depends on when it fired: it may be better than what the plan says.
  const before = [spec];
  for (const { do: effect } of schedule) {
    if (!('degradeLink' in effect)) continue;
    const { from: source, to: target, ...other } = effect.degradeLink;
    if (source === from && target === to) before.push(changedSpec(spec, other));
  }
  const isWorse = before.some((link) => isImpaired(changedSpec(link, change), link));
  return isWorse ? undefined : `makes the link from ${from} to ${to} no worse`;
}

function idleSlow(
  { slow, factor }: Extract<FaultEffect, { slow: unknown }>,
  question: Question,
): string | undefined {
  if (factor === 1) return `slows ${slow} by a factor of 1`;
  const canBeLate = question.schedule.some(
    ({ do: effect }) => 'degradeLink' in effect && effect.degradeLink.delay !== undefined,
  );
  const hasDelay = linksOf(slow, question).some(({ spec }) => meanDelay(spec.delay) > 0);
  return hasDelay || canBeLate ? undefined : `slows ${slow}, whose links have no delay`;
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly spec: LinkSpec;
}

/** The links that enter or leave a node. */
function linksOf(nodeId: string, { layout, plan }: Question): Link[] {
  const index = nodeIndexOf(nodeId);
  return Array.from({ length: plan.params.nodes }, (_, other) => other).flatMap((other) => {
    const ends: [number, number][] = [
      [index, other],
      [other, index],
    ];
    return ends.flatMap(([from, to]) => {
      const spec = layout.specs[layout.specOf(from, to)];
      return spec === undefined ? [] : [{ from: nodeIdOf(from), to: nodeIdOf(to), spec }];
    });
  });
}
