import type { Facts } from './facts.ts';

/** `key`: what a person follows a run by; `detail`: the rest; `problem`: what went wrong. */
export const LOG_LEVELS = ['key', 'detail', 'problem'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of ui/Mark.tsx. */
export type LogGlyph =
  | 'pass'
  | 'fail'
  | 'shield'
  | 'receive'
  | 'start'
  | 'boot'
  | 'cross'
  | 'dot'
  | 'retry'
  | 'service'
  | 'flame'
  | 'slash';

export type LogTone = 'ok' | 'err' | 'warn' | '';

/** An event as one line for a person. */
export interface LogRow {
  /** Counts the rows of a run. */
  readonly number: number;
  /** ms since the run began. */
  readonly at: number;
  /** Empty for what is of the whole run. */
  readonly nodeId: string;
  readonly level: LogLevel;
  readonly glyph: LogGlyph;
  readonly tone: LogTone;
  readonly text: string;
  /** What it can be asked for by name. */
  readonly facts: Facts;
}

/** What is said of an event, before it has its place in the log. */
export interface Told {
  readonly level: LogLevel;
  readonly glyph: LogGlyph;
  readonly tone?: LogTone;
  readonly text: string;
}
