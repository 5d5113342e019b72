import type { MeshEvent } from '../../model/events.ts';
import type { RunEnvironment } from '../../model/evidence.ts';
import type { RunObservation } from '../../model/observation.ts';
import type { Plan } from '../../model/plan.ts';
import type { SlowPathOptions } from './slowPaths.ts';

export interface VirtualRunOptions {
  readonly simId: string;
  readonly plan: Plan;
  /** Bytes of the distinct chunks, in their order. */
  readonly chunkSizes: readonly number[];
  readonly manifestBytes: number;
  /** Names of the services, in the order in which they start; their start and health are simulated. */
  readonly services: readonly string[];
  /** Of these, names of those that do their work and end; left out: none. */
  readonly oneShots?: readonly string[];
  /** Of an upgrade, the services of the Capsule that runs before; left out: the same. */
  readonly before?: Pick<VirtualRunOptions, 'services' | 'oneShots'>;
  /** Wall ms that virtual time 0 stands for. */
  readonly startedAt: number;
  readonly environment: Pick<RunEnvironment, 'os' | 'arch' | 'node' | 'product'>;
  /** Paths slower than the plan says; no part of the plan. Left out: there are none. */
  readonly slowPaths?: SlowPathOptions;
  /** Called for every event, in order, with the line events.jsonl holds for it (no newline). */
  readonly sink?: (event: MeshEvent, line: string) => void;
  readonly signal?: AbortSignal;
}

export interface VirtualSummary {
  /** Things that happened in the virtual world: deliveries, timers, actions. */
  readonly events: number;
  readonly packets: number;
  /** Of all packets, with their headers, whatever became of them. */
  readonly sentBytes: number;
  readonly nodes: number;
  readonly ready: number;
  /** Over the nodes that are ready, ms since the run began; null when none is. */
  readonly readyAtMs: { readonly p50: number; readonly p90: number; readonly p99: number } | null;
  readonly virtualMs: number;
  /** CPU time the run took, ms. */
  readonly cpuMs: number;
  /** A digest of everything that happened, in order: equal for equal plans, on any machine. */
  readonly traceHash: string;
}

export interface VirtualRun {
  /** Above MAX_REAL_NODES nodes it has no latency matrix, no node reports and no recovery, and can not be sealed. */
  readonly observation: RunObservation;
  readonly summary: VirtualSummary;
}

/**
 * What is recorded: `all` up to MAX_REAL_NODES nodes; `nodes`: no packets, chunks and hops, up to 2,000; `run`: only what
 * concerns the whole run.
 */
export type Detail = 'all' | 'nodes' | 'run';
