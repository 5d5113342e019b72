import { MeshSimError } from '../base/errors.ts';
import { scheduleOf } from './chaosPresets.ts';
import { waitedNodeOf } from './faultNodes.ts';
import { spanOf } from './faultSpan.ts';
import { whyIdle, type IdleQuestion } from './idleEffects.ts';
import { linkLayout, type LinkedPlan, type LinkLayout } from './linkLayout.ts';
import { nodeIndexOf } from './nodeIds.ts';
import type { Fault, Plan } from './plan.ts';

/** What of a plan its faults and their links follow from. */
export type FaultPlan = LinkedPlan &
  Pick<Plan, 'deadlineMs' | 'world'> & { readonly chaos: Plan['chaos'] };

/** A fault that cannot do anything, whatever happens in the run. */
export interface IdleFault {
  /** Index in the resolved schedule. */
  readonly fault: number;
  /** The end of a sentence that begins with the fault: "slows n2 by a factor of 1". */
  readonly why: string;
}

interface Question extends IdleQuestion {
  readonly plan: FaultPlan;
  readonly due: readonly number[];
}

/**
 * The faults of a plan that cannot have an effect, of those a run would accept: they fire, at best, and change nothing for any
 * packet or node. A run with only such faults had no chaos. Of a topology that no run accepts, the list is empty.
 */
export function faultsWithoutEffect(plan: FaultPlan): IdleFault[] {
  const schedule = scheduleOf(plan.chaos, plan.params.nodes);
  if (schedule.length === 0) return [];
  const layout = layoutOf(plan);
  if (layout === undefined) return [];
  const question = { plan, layout, schedule, due: dueTimes(schedule, plan) };
  return schedule.flatMap((fault, index) => {
    const why = idleTrigger(fault, index, question) ?? whyIdle(fault, question);
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
    const waitedFor = waitedNodeOf(when);
    if ('atMs' in when) due.push(when.atMs);
    else if (waitedFor !== undefined && nodeIndexOf(waitedFor) >= params.nodes) due.push(Infinity);
    else if ('migrates' in when) due.push(when.delayMs);
    else if (!('afterFault' in when)) due.push(0);
    else {
      const before = schedule[when.afterFault]?.do;
      const over = before === undefined ? 0 : (spanOf(before).endsAfterMs ?? 0);
      due.push((due[when.afterFault] ?? 0) + over + when.delayMs);
    }
  }
  return due;
}

function idleTrigger(
  { when }: Fault,
  index: number,
  { plan: { deadlineMs }, due }: Question,
): string | undefined {
  const at = due[index] ?? 0;
  if (at < deadlineMs) return undefined;
  const waitedFor = waitedNodeOf(when);
  if (at < Infinity) {
    const earliest = 'atMs' in when ? '' : ' at the earliest';
    return `is due at ${at} ms${earliest}, but the plan's deadline is ${deadlineMs} ms`;
  }
  if (waitedFor !== undefined) return `waits for ${waitedFor}, which is not in the mesh`;
  return 'waits for an earlier fault that is never over';
}
