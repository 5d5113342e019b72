import type { AgentReport } from '../../wire/report.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { NodeRecord } from './nodeRecord.ts';

/** Reports of which nothing is kept: they become events. */
export type PassedOn = Extract<
  AgentReport,
  { type: 'service' | 'log' | 'denied' | 'guarded' | 'isolated' | 'program' }
>;

interface DatedEvent {
  /** ms since the run began. */
  readonly at: number;
  readonly body: MeshEventBody;
}

/** A node has joined the network, for the first time or after a crash. */
export function eventOfOnline(
  { id: nodeId, incarnation }: Pick<NodeRecord, 'id' | 'incarnation'>,
  { kept, missing, runs }: Extract<AgentReport, { type: 'online' }>,
): MeshEventBody {
  if (incarnation === 0) return { type: 'node', nodeId, status: 'up' };
  return { type: 'node', nodeId, status: 'restarted', kept, missing, ...(runs && { runs }) };
}

/** The event of a report that is only passed on. */
export function eventOfReport(report: PassedOn, nodeId: string): DatedEvent {
  switch (report.type) {
    case 'service':
    case 'log': {
      const { at, ...body } = report;
      return { at, body: { ...body, nodeId } };
    }
    case 'denied': {
      const { at, type: status, sentence: details, ...where } = report;
      return { at, body: { type: 'guard', nodeId, status, ...where, details } };
    }
    case 'guarded': {
      const { at, scope: status, sentence: details } = report;
      return { at, body: { type: 'guard', nodeId, status, details } };
    }
    case 'isolated': {
      const { at, sentence: text } = report;
      return { at, body: { type: 'log', nodeId, status: 'agent', text } };
    }
    case 'program': {
      const { at, service, path, version = 'of no known version', sha256 } = report;
      const text = `Starts ${path} of this machine, ${version}, SHA-256 ${sha256}.`;
      return { at, body: { type: 'log', nodeId, service, status: 'agent', text } };
    }
  }
}
