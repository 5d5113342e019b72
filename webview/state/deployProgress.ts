import type { DeployEnd, DeployEvent } from '../../src/model/deployApi.ts';

/** As many lines of a deploy's commands as a person reads back. */
const MAX_LINES = 400;

type Step = Extract<DeployEvent, { type: 'step' }>;

export interface ShownStep {
  readonly step: Step['step'];
  readonly status: Step['status'] | 'running';
  readonly sentence: string;
}

/** What the page was told of one deploy or rollback. */
export interface DeployProgress {
  readonly environment: string;
  readonly deployId: string;
  readonly steps: readonly ShownStep[];
  /** What its commands wrote, the newest lines. */
  readonly lines: readonly string[];
  readonly end?: DeployEnd;
}

export function begun(environment: string, deployId: string): DeployProgress {
  return { environment, deployId, steps: [], lines: [] };
}

export function advanced(progress: DeployProgress, event: DeployEvent): DeployProgress {
  // One step at a time; one that had nothing to do is begun and never told of again.
  const steps = progress.steps.filter(({ status }) => status !== 'running');
  switch (event.type) {
    case 'started':
      return {
        ...progress,
        steps: [...steps, { step: event.step, status: 'running', sentence: '' }],
      };
    case 'step': {
      const { step, status, sentence } = event;
      return { ...progress, steps: [...steps, { step, status, sentence }] };
    }
    case 'log':
      return { ...progress, lines: [...progress.lines, event.line].slice(-MAX_LINES) };
    case 'end':
      return { ...progress, steps, end: event };
  }
}
