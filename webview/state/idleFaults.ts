import { faultsWithoutEffect, type IdleFault } from '../../src/model/faultsWithoutEffect.ts';
import type { Parameters } from './parameters.ts';
import { figuresOf } from './parseAccess.ts';

/** The faults of the next run that cannot have an effect, as the gate judges them too. */
export function idleFaults({
  params,
  topology,
  access,
  chaos,
  deadlineMs,
}: Parameters): IdleFault[] {
  return faultsWithoutEffect({
    params: { ...params, latencyMs: [...params.latencyMs] },
    topology,
    ...(access && { access: figuresOf(access) }),
    deadlineMs,
    world: 'real',
    chaos: { preset: chaos.preset, faults: [...(chaos.faults ?? [])] },
  });
}
