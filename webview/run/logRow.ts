import type { MeshEvent } from '../../src/model/events.ts';

export type LogLevel = 'key' | 'detail' | 'problem';

export interface LogRow {
  readonly seq: number;
  /** ms since the run began. */
  readonly at: number;
  readonly nodeId: string;
  readonly level: LogLevel;
  readonly text: string;
}

/** An event as one line for a person; undefined for what only charts show. */
export function logRow(event: MeshEvent): LogRow | undefined {
  const told = tell(event);
  if (told === undefined) return undefined;
  const [level, text] = told;
  const nodeId = 'nodeId' in event ? (event.nodeId ?? '') : '';
  return { seq: event.seq, at: event.at, nodeId, level, text };
}

function tell(event: MeshEvent): [LogLevel, string] | undefined {
  const details = event.details === undefined ? '' : `: ${event.details}`;
  switch (event.type) {
    case 'run':
      return ['key', `run ${event.status}`];
    case 'phase':
      if (event.status === 'error') return ['problem', `${event.phase} failed${details}`];
      return [event.status === 'ok' ? 'key' : 'detail', `${event.phase} ${event.status}`];
    case 'node': {
      const isProblem = ['crashed', 'halted', 'failed'].includes(event.status);
      const kept = event.status === 'restarted' ? `, ${event.kept ?? 0} chunks on disk` : '';
      return [isProblem ? 'problem' : 'key', `${event.status}${kept}${details}`];
    }
    case 'hop':
      return [
        event.status === 'valid' ? 'key' : 'problem',
        `hop from ${event.from} ${event.status}${details}`,
      ];
    case 'chunk':
      return [
        event.status === 'stored' ? 'detail' : 'problem',
        `chunk ${event.chunk} from ${event.from} ${event.status}, ${event.have}/${event.total}`,
      ];
    case 'refusal':
      return ['problem', `refused a ${event.status} from ${event.from}${details}`];
    case 'service':
      return [
        event.status === 'failed' ? 'problem' : event.status === 'healthy' ? 'key' : 'detail',
        `${event.service} ${event.status}${details}`,
      ];
    case 'fault':
      return ['problem', `fault ${event.fault} ${event.status}${details}`];
    case 'log':
      return ['detail', `${event.service ?? event.status}: ${event.text}`];
    case 'invariant':
      return [
        event.status === 'passed' ? 'key' : 'problem',
        `${event.name} ${event.status}${details}`,
      ];
    case 'latency':
    case 'packets':
      return undefined;
  }
}
