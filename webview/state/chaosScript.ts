import { byKind, type EffectOf, type FaultKind } from '../../src/model/faultKinds.ts';
import { spanOf } from '../../src/model/faultSpan.ts';
import type { FaultEffect } from '../../src/model/faultSchemas.ts';
import type { Fault, Trigger } from '../../src/model/plan.ts';

/** One line of a schedule: a condition, and what happens then. */
export interface ScriptLine {
  readonly when: string;
  readonly what: string;
}

/** A chaos schedule as lines a person reads: a fault that is mended has a second line for that. */
export function chaosScript(faults: readonly Fault[]): ScriptLine[] {
  return faults.flatMap(({ when, do: effect }) => linesOf(when, effect));
}

function conditionOf(when: Trigger): string {
  if ('atMs' in when) return when.atMs === 0 ? 'from the start' : `at ${when.atMs} ms`;
  if ('afterFault' in when) return `${when.delayMs} ms after fault ${when.afterFault}`;
  if ('wave' in when) {
    return when.since === undefined
      ? `when wave ${when.wave} begins`
      : `when names switch in wave ${when.wave}`;
  }
  if ('upgrade' in when) return `when the upgrade is ${when.upgrade}`;
  if ('migrates' in when) {
    const { migrates, since, delayMs } = when;
    const sign = since === 'begun' ? 'migrates' : 'has changed its state in a migration';
    return delayMs === 0 ? `while ${migrates} ${sign}` : `${delayMs} ms after ${migrates} ${sign}`;
  }
  return `when ${when.node}.${when.phase} ≥ ${Math.round(when.progress * 100)} %`;
}

type Lines = {
  readonly [Kind in FaultKind]: (effect: EffectOf<Kind>) => {
    readonly what: string;
    /** What ends it, where the plan has it ended. */
    readonly mending?: string;
  };
};

const LINES: Lines = {
  kill: ({ kill }) => ({ what: `kill ${kill}`, mending: `restart ${kill}` }),
  partition: ({ partition: { from, to, oneWay } }) => {
    const what = `cut ${from.join(' ')} ${oneWay ? '→' : '↔'} ${to.join(' ')}`;
    return { what, mending: 'heal' };
  },
  degradeLink: ({ degradeLink: { from, to } }) => ({ what: `worsen ${from}→${to}` }),
  slow: ({ slow, factor }) => ({ what: `slow ${slow} by ${factor}` }),
  corruptChunks: ({ corruptChunks: { to, count } }) => ({
    what: `damage ${count} chunks to ${to}`,
  }),
  byzantine: ({ byzantine }) => ({ what: `${byzantine} relays altered content` }),
  pause: ({ pause, services }) => {
    return { what: `pause ${services?.join(' ') ?? 'services'} on ${pause}`, mending: 'go on' };
  },
  killService: ({ killService: { node, service = 'services' } }) => {
    return { what: `kill ${service} on ${node}` };
  },
  refuse: ({ refuse: { from, to, oneWay } }) => {
    const what = `refuse ${from.join(' ')} ${oneWay ? '→' : '↔'} ${to.join(' ')}`;
    return { what, mending: 'carry again' };
  },
  dns: ({ dns }) => {
    const where = `${dns.names?.join(' ') ?? 'names'} on ${dns.nodes.join(' ')}`;
    const what = dns.mode === 'fail' ? `fail ${where}` : `delay ${where} by ${dns.delayMs} ms`;
    return { what, mending: 'answer again' };
  },
  fillDisk: ({ fillDisk, leaveBytes }) => {
    const but = leaveBytes === 0 ? '' : ` but ${leaveBytes} bytes`;
    return { what: `fill disk of ${fillDisk}${but}`, mending: 'room again' };
  },
};

function linesOf(when: Trigger, effect: FaultEffect): ScriptLine[] {
  const { what, mending } = byKind(LINES, effect);
  const first = { when: conditionOf(when), what };
  const { endsAfterMs = Infinity } = spanOf(effect);
  if (mending === undefined || endsAfterMs === Infinity) return [first];
  return [first, { when: `after ${endsAfterMs} ms`, what: mending }];
}
