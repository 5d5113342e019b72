import { MeshSimError } from '../base/errors.ts';
import { nodeIdOf, nodeIndexOf } from '../model/nodeIds.ts';
import { isPlacedOn, placesOf } from '../model/placement.ts';
import type { Plan } from '../model/plan.ts';
import type { Service } from '../model/registry.ts';
import type { CompiledPlan } from './compiledPlan.ts';

/** That a placement is about nodes of its plan. @throws MeshSimError plan-invalid */
export function assertPlacement({ placement = {}, params }: Plan): void {
  const last = nodeIdOf(params.nodes - 1);
  for (const [service, nodes] of Object.entries(placement)) {
    const stranger = nodes.find((node) => nodeIndexOf(node) >= params.nodes);
    if (stranger !== undefined) {
      throw invalid(service, `names ${stranger}, but the run has n0 to ${last}: correct it`);
    }
    const twice = nodes.find((node, at) => nodes.indexOf(node) < at);
    if (twice !== undefined) throw invalid(service, `names ${twice} twice: name it once`);
  }
}

/** What has to be known of a service. */
export type PlacedService = Pick<Service, 'name' | 'dependsOn' | 'ports'>;

/**
 * That a placement is about services of the Capsule, and that each finds what it depends on, and its ports free.
 * @throws MeshSimError plan-invalid
 */
export function assertServicesPlaced(
  { plan, table }: Pick<CompiledPlan, 'plan' | 'table'>,
  services: readonly PlacedService[],
): void {
  const { placement } = plan;
  if (placement === undefined) return;
  const names = services.map(({ name }) => name);
  const stranger = Object.keys(placement).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw invalid(
      stranger,
      `is of no service of this Capsule: correct it to one of ${names.join(', ')}`,
    );
  }
  const { nodes } = plan.params;
  const isJoined = (one: number, other: number) =>
    table.neighboursOf(one).includes(other) && table.neighboursOf(other).includes(one);
  for (const { name, dependsOn } of services) {
    for (const node of placesOf(placement, name, nodes)) {
      for (const needed of dependsOn) {
        const places = placesOf(placement, needed, nodes);
        if (places.some((place) => place === node || isJoined(node, place))) continue;
        throw invalid(
          name,
          `puts it on ${nodeIdOf(node)}, but "${needed}", which it depends on, runs on ${idsOf(places)} only, and no link joins them: place one of the two elsewhere, or add links both ways`,
        );
      }
    }
  }
  for (let node = 0; node < nodes; node += 1) assertPortsApart(placement, services, node);
}

/** Services are reached by other nodes at the ports of the registry, so that no two of a node can have the same one. */
function assertPortsApart(
  placement: NonNullable<Plan['placement']>,
  services: readonly PlacedService[],
  node: number,
): void {
  const owners = new Map<number, string>();
  for (const { name, ports } of services) {
    if (!isPlacedOn(placement, name, nodeIdOf(node))) continue;
    for (const port of Object.values(ports)) {
      const owner = owners.get(port);
      if (owner !== undefined) {
        throw invalid(
          name,
          `puts it on ${nodeIdOf(node)} together with "${owner}", and both have port ${port} in the registry: place them apart, or give one another port`,
        );
      }
      owners.set(port, name);
    }
  }
}

function idsOf(nodes: readonly number[]): string {
  return nodes.map(nodeIdOf).join(', ');
}

function invalid(service: string, problem: string): MeshSimError {
  return new MeshSimError('plan-invalid', `The placement of "${service}" ${problem}.`);
}
