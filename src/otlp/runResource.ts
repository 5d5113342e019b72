import type { HrTime } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import type { StatedRun } from '../model/observation.ts';

export const SCOPE = { name: 'mesh-sim' };

/** What all signals of a run have in common, so that they are found by it. */
export function runResource(run: StatedRun): Resource {
  const { plan, environment } = run;
  return resourceFromAttributes({
    'service.name': 'mesh-sim',
    'service.version': environment.product,
    'meshsim.sim_id': run.simId,
    'meshsim.capsule': plan.capsuleHash,
    'meshsim.outcome': run.outcome,
    'meshsim.seed': plan.seed,
    'meshsim.nodes': plan.params.nodes,
    'meshsim.world': environment.fidelity,
  });
}

/** An ISO time as OpenTelemetry has it: whole seconds, and nanoseconds. */
export function hrTime(iso: string): HrTime {
  const ms = Date.parse(iso);
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}
