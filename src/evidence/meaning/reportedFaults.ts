import type { FaultReport } from '../../model/faultReport.ts';
import type { Fault } from '../../model/plan.ts';
import type { Claims } from './rule.ts';

export interface Reported {
  readonly report: FaultReport;
  readonly fault: Fault;
}

/** Each report of evidence v2 with the fault it is about, by index; nothing while they are not the plan's, or of v1. */
export function reportedFaults({ evidence, planned }: Claims): Reported[] {
  if (!('faults' in evidence) || planned === undefined) return [];
  const reported = evidence.faults.flatMap((report, index) => {
    const fault = planned.schedule[index];
    return fault === undefined || !(report.effect in fault.do) ? [] : [{ report, fault }];
  });
  return reported.length === planned.schedule.length ? reported : [];
}
