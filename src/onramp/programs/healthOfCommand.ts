import type { Command } from '../../model/registry.ts';
import type { HealthSketch, HealthTimes } from '../sketch.ts';
import { asLine } from './program.ts';

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's durations, as compose and Dockerfiles write them: `1m30s`, `500ms`. Undefined: none of those. */
export function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );
}

export interface ContainerTimes {
  readonly intervalMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** For how long after its start a service may fail its checks. */
  readonly startMs?: number | undefined;
  readonly retries?: number | undefined;
}

/** A container waits 30 s between two checks; a rehearsal would wait as long for its first. */
const SLOWEST_INTERVAL_MS = 1_000;
const DEFAULT_DEADLINE_MS = 20_000;

/**
 * A container's health check as a registry's. curl and wget of the service's own address become an HTTP check, which needs
 * neither of them.
 */
export function healthOfCommand(
  command: Command,
  times: ContainerTimes,
): HealthSketch & HealthTimes {
  return { ...kindOf(command), ...timesOf(times) };
}

export function timesOf({
  intervalMs,
  timeoutMs,
  startMs,
  retries = 3,
}: ContainerTimes): HealthTimes {
  const allowed = (startMs ?? 0) + retries * (intervalMs ?? 0);
  const within = (value: number, least: number, most: number) =>
    Math.round(Math.min(most, Math.max(least, value)));
  return {
    ...(intervalMs === undefined
      ? {}
      : { intervalMs: within(intervalMs, 10, SLOWEST_INTERVAL_MS) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs: within(timeoutMs, 10, 60_000) }),
    ...(allowed > DEFAULT_DEADLINE_MS ? { deadlineMs: within(allowed, 100, 600_000) } : {}),
  };
}

function kindOf(command: Command): HealthSketch {
  const line = asLine(command);
  const url =
    /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(\/[^\s'"|;)]*)?/.exec(
      line,
    );
  if (url !== null && /\b(curl|wget|http\.get|fetch|urlopen|requests\.get)\b/.test(line)) {
    const [, port, path = '/'] = url;
    return { kind: 'http', path, ...(port === undefined ? {} : { port: Number(port) }) };
  }
  const socket = /\bnc\b.*\s-\w*z\w*\s+(?:localhost|127\.0\.0\.1)\s+(\d+)/.exec(line);
  if (socket !== null) return { kind: 'tcp', port: Number(socket[1]) };
  return { kind: 'command', command };
}
