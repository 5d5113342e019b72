import { signal } from '@preact/signals';
import type { StartRequest } from '../../src/model/api.ts';
import type { Drift } from '../../src/model/plan.ts';
import type { ChaosPreset } from '../../src/model/presets.ts';

/** What a person chooses for the next run; the form and the JSON are two views of this one object. */
export interface Parameters {
  readonly params: {
    readonly nodes: number;
    readonly latencyMs: readonly [number, number];
    readonly packetLoss: number;
    readonly verifySignatures: boolean;
  };
  readonly seed: number;
  readonly chaos: { readonly preset: ChaosPreset };
  readonly drift: readonly Drift[];
}

export const DEFAULT_PARAMETERS: Parameters = {
  params: { nodes: 5, latencyMs: [40, 180], packetLoss: 0, verifySignatures: true },
  seed: 1,
  chaos: { preset: 'none' },
  drift: [],
};

export const parameters = signal<Parameters>(DEFAULT_PARAMETERS);

export function setParams(change: Partial<Parameters['params']>): void {
  const { value } = parameters;
  parameters.value = { ...value, params: { ...value.params, ...change } };
}

/** The latency range with one thumb moved; thumbs that pass each other swap. */
export function withLatency(
  [min, max]: readonly [number, number],
  thumb: 'min' | 'max',
  ms: number,
): [number, number] {
  const other = thumb === 'min' ? max : min;
  return ms <= other ? [ms, other] : [other, ms];
}

/** The server checks the content; this only needs it to be an object of ours. @throws Error with one sentence */
export function parseParameters(text: string): Parameters {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('The plan must be one JSON object.');
  }
  const known = Object.keys(DEFAULT_PARAMETERS);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new Error(`"${unknown}" is not a part of a plan here: ${known.join(', ')}.`);
  }
  const given = value as Partial<Parameters>;
  return {
    ...DEFAULT_PARAMETERS,
    ...given,
    params: { ...DEFAULT_PARAMETERS.params, ...given.params },
  };
}

export function startRequest(capsuleHash: string): StartRequest {
  const { params, seed, chaos, drift } = parameters.value;
  return {
    capsuleHash,
    params: { ...params, latencyMs: [...params.latencyMs] },
    seed,
    chaos,
    drift: [...drift],
  };
}
