import { MeshSimError } from '../../base/errors.ts';
import { resolveEnv } from '../../capsule/placeholders.ts';
import {
  productionEndpointsIn,
  productionPatterns,
  type EndpointHit,
  type ResolvedService,
} from '../../deploy/productionEndpoints.ts';
import type { Capsule } from '../../model/capsule.ts';
import { namedSecrets } from '../../model/namedSecrets.ts';
import { simulationSchema } from '../../model/environments.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { MAX_REAL_NODES, type Plan } from '../../model/plan.ts';
import type { ProductionGuard } from '../../runtime/real/options.ts';
import { environmentsOf } from './environments.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface GuardedRun {
  readonly plan: Plan;
  /** All that nodes may run: the signed one, the one before, and those that drifted nodes are offered. */
  readonly capsules: readonly Capsule[];
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * No service of a simulation is told of a production host: every value it would be given is looked at, secrets included.
 * Resolves to what is to keep the services away from all production hosts.
 * @throws MeshSimError `production-endpoint` naming service, variable and pattern, never the value; `environments-invalid`
 */
export async function guardAgainstProduction(
  workspace: Workspace,
  { plan, capsules, secrets }: GuardedRun,
): Promise<ProductionGuard> {
  const environments = await environmentsOf(workspace);
  const patterns = productionPatterns(environments);
  const { namespace, ports } = environments.simulation ?? simulationSchema.parse({});
  const guard = { deny: patterns.map(({ pattern }) => pattern), namespace, ports };
  if (patterns.length === 0) return guard;
  const nodes = Math.min(plan.params.nodes, MAX_REAL_NODES);
  const services = capsules.flatMap((capsule) =>
    Array.from({ length: nodes }, (_, node) => servicesOn(capsule, nodeIdOf(node), secrets)).flat(),
  );
  const hits = productionEndpointsIn(services, patterns);
  if (hits.length === 0) return guard;
  throw new MeshSimError(
    'production-endpoint',
    `A simulation must not reach production: ${toldHits(hits)}. Give the service another address, or a secret of the simulation's own.`,
  );
}

/** One clause for each endpoint. */
function toldHits(hits: readonly EndpointHit[]): string {
  const named = new Map<string, string[]>();
  for (const { service, variable, environment, pattern } of hits) {
    const endpoint = `${environment} ("${pattern}")`;
    named.set(endpoint, [...(named.get(endpoint) ?? []), `${service}.${variable}`]);
  }
  return [...named]
    .map(([endpoint, of]) => `the value of ${of.join(', ')} names a host of ${endpoint}`)
    .join('; ');
}

function servicesOn(
  { manifest }: Capsule,
  nodeId: string,
  secrets: ReadonlyMap<string, string>,
): ResolvedService[] {
  const servicePorts = Object.fromEntries(
    manifest.services.map(({ name, ports }) => [name, ports]),
  );
  const host = { hostPath: '', hostHome: '', stateFolder: '' };
  return manifest.services.map((service) => ({
    service: service.name,
    env: {
      ...resolveEnv(service, { ports: service.ports, servicePorts, nodeId, ...host }),
      ...Object.fromEntries(
        namedSecrets(service).map(({ name }) => [name, secrets.get(name) ?? '']),
      ),
    },
  }));
}
