import { printable } from '../base/visibleText.ts';
import type { MeshEvent } from '../model/events.ts';
import { homeWords, wayWords } from '../model/home.ts';
import { isUpStatus } from '../model/serviceStatus.ts';
import { turnWords } from '../model/turns.ts';
import type { LogLevel, Told } from './logRow.ts';
import { upgradeWords, type UpgradeEvent } from './upgradeWords.ts';

type EventOf<Type extends MeshEvent['type']> = Extract<MeshEvent, { type: Type }>;

/** What was before an event and the event alone does not say. */
export interface Story {
  readonly nodes: number;
  /** Nodes that are ready, with this event. */
  readonly ready: number;
  /** ms since the node of the event went down; undefined if it did not. */
  readonly downMs: number | undefined;
}

/** What happened, in the words of the log, which steer nothing; undefined for what only charts show. */
export function tellEvent(event: MeshEvent, story: Story): Told | undefined {
  const told = wordsOf(event, story);
  return told === undefined ? undefined : { ...told, text: printable(told.text) };
}

function wordsOf(event: MeshEvent, story: Story): Told | undefined {
  switch (event.type) {
    case 'run':
      return tellRun(event);
    case 'phase':
      return tellPhase(event, story);
    case 'node':
      return tellNode(event, story);
    case 'hop':
      return tellHop(event);
    case 'chunk':
      return tellChunk(event);
    case 'refusal':
      return problem(`${refused(event)}${reason(event)}`);
    case 'service':
      return tellService(event);
    case 'turn':
      return event.status === 'waiting'
        ? detail(`waits for ${turnWords(event)}, ${event.before ?? 0} before it`)
        : undefined;
    case 'host':
      return tellHost(event);
    case 'guard':
      return tellGuard(event);
    case 'fault':
      return tellFault(event);
    case 'log':
      return detail(`${event.service ?? event.status}: ${event.text}`);
    case 'invariant':
      return tellInvariant(event);
    case 'probes':
      return event.status === 'failed'
        ? problem(event.details ?? `${event.service} did not answer`)
        : undefined;
    case 'latency':
      return detail('latency of every link measured');
    case 'wave':
    case 'window':
    case 'check':
    case 'workload':
    case 'upgrade':
      return tellUpgrade(event);
    case 'packets':
    case 'traffic':
    case 'connections':
      return undefined;
  }
}

function tellInvariant(event: EventOf<'invariant'>): Told {
  if (event.status === 'failed') return problem(`${event.name} is broken${reason(event)}`);
  return event.status === 'passed'
    ? { level: 'key', glyph: 'pass', tone: 'ok', text: `${event.name} holds${reason(event)}` }
    : {
        level: 'key',
        glyph: 'slash',
        tone: 'warn',
        text: `${event.name} was not observed${reason(event)}`,
      };
}

function tellUpgrade(event: UpgradeEvent): Told {
  const { level, text, isBad } = upgradeWords(event);
  return isBad ? problem(text) : { level, glyph: 'dot', text };
}

function tellGuard({ status, service, host, details }: EventOf<'guard'>): Told {
  const text = details ?? status;
  if (status === 'all-programs') return { level: 'detail', glyph: 'shield', text };
  if (status !== 'denied') return { level: 'key', glyph: 'shield', tone: 'warn', text };
  return problem(details ?? `${service ?? 'a service'} tried to reach ${host ?? 'production'}`);
}

function tellHost(event: EventOf<'host'>): Told {
  const text = `lives on ${homeWords(event)}, ${wayWords(event)}`;
  return { level: 'key', glyph: 'dot', text };
}

const RUNS: Record<EventOf<'run'>['status'], string> = {
  started: 'run started',
  measuring: 'measuring the mesh',
  stopping: 'stopping all nodes',
  finished: 'run finished',
  cancelled: 'run cancelled',
};

function tellRun({ status }: EventOf<'run'>): Told {
  return { level: 'key', glyph: 'dot', text: RUNS[status] };
}

type Phase = EventOf<'phase'>['phase'];

const BEGUN: Record<Phase, string> = {
  boot: 'boots',
  verify: 'waits for the signed manifest',
  receive: 'receives chunks',
  start: 'starts its services',
  healthy: 'checks its services',
  stop: 'stops what it runs',
  migrate: 'migrates the state of its services',
};
const DONE: Record<Phase, { readonly level: LogLevel; readonly text: string }> = {
  boot: { level: 'detail', text: 'booted' },
  verify: { level: 'detail', text: 'signature verified' },
  receive: { level: 'key', text: 'Capsule complete, digest ok' },
  start: { level: 'key', text: 'all services started' },
  healthy: { level: 'key', text: 'healthy' },
  stop: { level: 'detail', text: 'all services stopped' },
  migrate: { level: 'detail', text: 'state migrated' },
};
const PHASE_GLYPHS = {
  boot: 'boot',
  verify: 'shield',
  receive: 'receive',
  start: 'start',
  healthy: 'pass',
  stop: 'slash',
  migrate: 'retry',
} as const;

function tellPhase(event: EventOf<'phase'>, { ready, nodes }: Story): Told {
  const { phase, status } = event;
  if (status === 'error') return problem(`${phase} failed${reason(event)}`);
  const glyph = PHASE_GLYPHS[phase];
  if (status === 'started') return { level: 'detail', glyph, text: BEGUN[phase] };
  const count = phase === 'healthy' ? `, READY ${ready}/${nodes}` : '';
  const tone = phase === 'healthy' || phase === 'receive' ? 'ok' : '';
  return { level: DONE[phase].level, glyph, tone, text: `${DONE[phase].text}${count}` };
}

function tellNode(event: EventOf<'node'>, { downMs }: Story): Told {
  switch (event.status) {
    case 'up':
      return { level: 'detail', glyph: 'boot', text: 'process is up' };
    case 'crashed':
      return { ...problem(`crashed${reason(event)}`), glyph: 'cross' };
    case 'halted':
    case 'failed':
      return problem(`${event.status}${reason(event)}`);
    case 'restarted': {
      const after = downMs === undefined ? '' : ` after ${Math.round(downMs)} ms`;
      const kept = `${event.kept ?? 0} chunks on disk`;
      return { level: 'key', glyph: 'retry', text: `restart${after}, ${kept}` };
    }
    case 'stopped':
      return { level: 'detail', glyph: 'slash', text: 'stopped' };
  }
}

function tellHop(event: EventOf<'hop'>): Told {
  const { from, nodeId, status } = event;
  const hop = from === nodeId ? 'its own copy of the Capsule is' : `hop ${from}→${nodeId}`;
  if (status === 'invalid') return problem(`${hop} invalid${reason(event)}`);
  if (status === 'unchecked') return { level: 'key', glyph: 'dot', text: `${hop} not checked` };
  return { level: 'key', glyph: 'shield', tone: 'ok', text: `${hop} valid` };
}

function tellChunk({ chunk, from, have, total, status }: EventOf<'chunk'>): Told {
  return status === 'stored'
    ? detail(`chunk ${chunk} from ${from}, ${have}/${total}`)
    : { level: 'detail', glyph: 'retry', text: `chunk ${chunk} from ${from} once more` };
}

function refused({ status, from, chunk }: EventOf<'refusal'>): string {
  if (status === 'peer') return `refused to talk to ${from}`;
  return status === 'manifest'
    ? `refused the manifest of ${from}`
    : `refused chunk ${chunk ?? ''} of ${from}, its digest differs`;
}

const SERVICES: Record<EventOf<'service'>['status'], string> = {
  building: 'is built',
  built: 'built',
  cached: 'taken from the build cache',
  starting: 'starts',
  healthy: 'is up',
  done: 'has done its work',
  exited: 'exited',
  failed: 'failed',
  stopped: 'stopped',
};

function tellService(event: EventOf<'service'>): Told {
  const { service, status } = event;
  const text = `${service} ${SERVICES[status]}${reason(event)}`;
  if (status === 'failed') return problem(text);
  const isUp = isUpStatus(status);
  return { level: isUp ? 'key' : 'detail', glyph: 'service', tone: isUp ? 'ok' : '', text };
}

const FAULTS: Record<EventOf<'fault'>['status'], Omit<Told, 'text'>> = {
  fired: { level: 'problem', glyph: 'flame', tone: 'warn' },
  acted: { level: 'problem', glyph: 'flame', tone: 'warn' },
  'not-applied': { level: 'problem', glyph: 'slash', tone: 'warn' },
  // A fault that was mended is good news.
  healed: { level: 'key', glyph: 'retry' },
};

function tellFault({ fault, status, details }: EventOf<'fault'>): Told {
  const text = details ?? `fault ${fault} ${status}`;
  return {
    ...FAULTS[status],
    text: status === 'not-applied' ? `fault ${fault} not applied: ${text}` : text,
  };
}

function problem(text: string): Told {
  return { level: 'problem', glyph: 'fail', tone: 'err', text };
}

function detail(text: string): Told {
  return { level: 'detail', glyph: 'dot', text };
}

function reason({ details }: MeshEvent): string {
  return details === undefined ? '' : `: ${details}`;
}
