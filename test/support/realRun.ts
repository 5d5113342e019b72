import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import { planSchema, type PlanInput } from '../../src/model/plan.ts';
import { runReal, type RealRunOptions } from '../../src/runtime/real/run.ts';
import { COMPILED_CODE } from './compiledCode.ts';
import { DIST } from './commandLine.ts';
import type { TinyProduct } from './tinyProduct.ts';

export interface RealRun {
  readonly observation: RunObservation;
  readonly events: readonly MeshEvent[];
  readonly options: RealRunOptions;
}

export type EventOf<T extends MeshEvent['type']> = Extract<MeshEvent, { type: T }>;

/**
 * Nodes without boxes: half as much of a processor's time. For what nodes do with each other, and with a Capsule, wherever their
 * services run.
 */
export const ON_HOST = { guard: { deny: [], namespace: 'off', ports: [] } } as const;

/** Everything runReal needs, for a product of this test; the plan is quick unless it says otherwise. */
export function realRunOptions(
  product: TinyProduct,
  plan: Partial<PlanInput> = {},
  overrides: Partial<RealRunOptions> = {},
): RealRunOptions {
  const simId = randomUUID();
  return {
    simId,
    plan: planSchema.parse({
      capsuleHash: product.capsule.capsuleHash,
      params: { nodes: 2, latencyMs: [1, 5] },
      deadlineMs: 30_000,
      ...plan,
    }),
    capsule: product.capsule,
    packEnvelope: product.packEnvelope,
    publicKey: product.publicKey,
    drifted: new Map(),
    storeFolder: product.storeFolder,
    runFolder: path.join(product.folder, 'runs', simId),
    buildCacheFolder: path.join(product.folder, 'builds'),
    toolCacheFolder: path.join(product.folder, 'tools'),
    compileCacheFolder: COMPILED_CODE,
    proxy: {},
    bundles: {
      agent: path.join(DIST, 'agent.cjs'),
      switch: path.join(DIST, 'switch.cjs'),
      guard: path.join(DIST, 'guard.cjs'),
      door: path.join(DIST, 'door.cjs'),
      relay: DIST,
      pipes: path.join(DIST, 'pipes.cjs'),
      keeper: path.join(DIST, 'keeper.cjs'),
    },
    guard: { deny: [], namespace: 'auto', ports: [] },
    cover: { folders: [product.repo] },
    hostPath: process.env.PATH ?? '',
    hostEnvironment: process.env,
    secrets: new Map(),
    product: 'test',
    clock: systemClock,
    sink: () => undefined,
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** Runs a plan on real processes and keeps its events. */
export async function rehearse(
  product: TinyProduct,
  plan: Partial<PlanInput> = {},
  overrides: Partial<RealRunOptions> = {},
): Promise<RealRun> {
  const events: MeshEvent[] = [];
  const options = realRunOptions(product, plan, {
    ...overrides,
    sink: (event, line) => {
      events.push(event);
      overrides.sink?.(event, line);
    },
  });
  const observation = await runReal(options);
  return { observation, events, options };
}

export function eventsOf<T extends MeshEvent['type']>(
  events: readonly MeshEvent[],
  type: T,
): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}
