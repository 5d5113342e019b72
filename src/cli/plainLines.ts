import { homeWords, wayWords } from '../model/home.ts';
import type { MeshEvent } from '../model/events.ts';
import { seconds } from './liveView.ts';
import { serviceLine } from './terminalText.ts';
import { someNodes } from './upgradeLines.ts';

/** Of services: what takes long, and what goes wrong. */
const TOLD: ReadonlySet<string> = new Set(['building', 'built', 'failed']);

/**
 * One event as a line for a pipe or a log; undefined for what is detail (packets, chunks, logs of services) and for what
 * the summary tells (invariants).
 */
export function plainLine(event: MeshEvent): string | undefined {
  const sentence = sentenceOf(event);
  return sentence === undefined ? undefined : `${seconds(event.at).padStart(7)} s  ${sentence}`;
}

/** A line that a build has said. */
export function buildOutput(event: MeshEvent): string | undefined {
  if (event.type !== 'log') return undefined;
  const { at, nodeId, service, text } = event;
  return `${seconds(at).padStart(7)} s  ${nodeId} ${service} | ${serviceLine(text)}`;
}

function sentenceOf(event: MeshEvent): string | undefined {
  const details = event.details === undefined ? '' : `: ${event.details}`;
  switch (event.type) {
    case 'run':
      return `run ${event.status}${details}`;
    case 'phase':
      return event.status === 'started'
        ? undefined
        : `${event.nodeId} ${event.phase} ${event.status}${details}`;
    case 'node':
      return `${event.nodeId} ${event.status}${details}`;
    case 'hop':
      return event.status === 'invalid'
        ? `${event.nodeId} refused the signature from ${event.from}${details}`
        : undefined;
    case 'refusal':
      return `${event.nodeId} refused a ${event.status} from ${event.from}${details}`;
    case 'service':
      return TOLD.has(event.status)
        ? `${event.nodeId} ${event.service} ${event.status}${details}`
        : undefined;
    case 'guard':
      return event.status === 'denied' ? event.details : `${event.nodeId}${details}`;
    case 'fault':
      return `fault ${event.fault} ${event.status}${details}`;
    case 'host':
      return `${event.nodeId} lives on ${homeWords(event)}, ${wayWords(event)}`;
    case 'probes':
      return event.status === 'failed' ? event.details : undefined;
    case 'wave':
      return `wave ${event.wave} to the ${event.to} Capsule ${event.status}, ${someNodes(event.nodes)}${details}`;
    case 'window':
      return `window ${event.window}`;
    case 'check':
      return event.status === 'begun'
        ? undefined
        : `${event.nodeId} check "${event.name}" ${event.status}${details}`;
    case 'workload':
      return `${event.nodeId} workload ${event.status}${details}`;
    case 'upgrade':
      return `${event.nodeId ?? 'upgrade'} ${event.status}${details}`;
    case 'chunk':
    case 'turn':
    case 'invariant':
    case 'log':
    case 'packets':
    case 'traffic':
    case 'connections':
    case 'latency':
      return undefined;
  }
}
