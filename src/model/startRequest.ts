import type { StartRequest } from './api.ts';
import type { Plan } from './plan.ts';

/** The request that starts a whole plan as it stands. Carries no validator: the page uses it too. */
export function startRequestOf(plan: Plan): StartRequest {
  const { capsuleHash, world, params, seed, topology, chaos, drift, deadlineMs, ...rest } = plan;
  const { bandwidth, access, placement, hosts, upgrade, failOnObjectives, failOnRegression } = rest;
  return {
    ...{ capsuleHash, world, params, seed, topology, chaos, drift, deadlineMs },
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(access === undefined ? {} : { access }),
    ...(placement === undefined ? {} : { placement }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(upgrade === undefined ? {} : { upgrade }),
    ...(failOnObjectives === undefined ? {} : { failOnObjectives }),
    ...(failOnRegression === undefined ? {} : { failOnRegression }),
  };
}
