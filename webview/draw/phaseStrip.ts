import type { NodeReport } from '../../src/model/evidence.ts';

/** A stretch of a node's time in a run, ms since it began. */
export interface StripSegment {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

export interface NodeStrip {
  readonly segments: readonly StripSegment[];
  /** Share of the time from its first boot to the end of the run in which it was neither killed nor halted. */
  readonly up: number;
  /** ms since the run began; undefined: never. */
  readonly healthyAt: number | undefined;
}

interface Extent {
  /** ms since the epoch. */
  readonly began: number;
  readonly ended: number;
}

export function extentOf(result: { readonly startedAt: string; readonly endedAt: string }): Extent {
  return { began: Date.parse(result.startedAt), ended: Date.parse(result.endedAt) };
}

/**
 * A node's phases as signed. A phase that ended badly is followed by "down" until the node boots again, or to the end; a node
 * whose last phase is healthy stays so to the end.
 */
export function nodeStrip({ phases }: NodeReport, { began, ended }: Extent): NodeStrip {
  const span = Math.max(0, ended - began);
  const at = (iso: string): number => Math.min(span, Math.max(0, Date.parse(iso) - began));
  const segments: StripSegment[] = [];
  let down = 0;
  phases.forEach((phase, index) => {
    const next = phases[index + 1];
    const until = next === undefined ? span : at(next.start);
    const [start, end] = [at(phase.start), at(phase.end)];
    const isHealthy = phase.name === 'healthy' && phase.status === 'ok';
    // A phase of no measurable length is a moment, not a stretch.
    if (end > start || isHealthy)
      segments.push({ kind: phase.name, start, end: isHealthy ? until : end });
    if (phase.status === 'error' && until > end) {
      segments.push({ kind: next === undefined ? 'halted' : 'down', start: end, end: until });
      down += until - end;
    }
  });
  const first = phases[0];
  const lived = first === undefined ? 0 : span - at(first.start);
  const last = phases.at(-1);
  const isHealthy = last?.name === 'healthy' && last.status === 'ok';
  return {
    segments,
    up: lived <= 0 ? 0 : 1 - down / lived,
    healthyAt: isHealthy ? at(last.end) : undefined,
  };
}
