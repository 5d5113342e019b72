import type { AgentReport } from '../../agent/report.ts';
import type { MeshEventBody } from '../../model/events.ts';

type Told = Extract<AgentReport, { type: 'service' | 'log' | 'denied' | 'guarded' }>;

/** The event of a report that is only passed on. */
export function eventOfReport(report: Told, nodeId: string): MeshEventBody {
  switch (report.type) {
    case 'service':
    case 'log': {
      const { at: _, ...body } = report;
      return { ...body, nodeId };
    }
    case 'denied': {
      const { at: _, type: status, sentence: details, ...where } = report;
      return { type: 'guard', nodeId, status, ...where, details };
    }
    case 'guarded':
      return { type: 'guard', nodeId, status: report.scope, details: report.sentence };
  }
}
