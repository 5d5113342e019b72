import { isPortFree } from '../../agent/services/freePort.ts';
import { MeshSimError } from '../../base/errors.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { Plan } from '../../model/plan.ts';
import { linkName, type LinkTarget } from '../../model/serviceLink.ts';
import { ServiceLinks } from './serviceLinks.ts';

/** A port of a service that is to be opened on this machine. */
export interface WantedLink {
  readonly target: LinkTarget;
  /** The port of this machine; 0: any that is free. */
  readonly at: number;
}

/**
 * The links of a run, with those that are wanted from its start; undefined in virtual time, where no service runs.
 * @throws MeshSimError `usage` where the run has no such port, `port-unavailable` where one of this machine is taken
 */
export async function linksFor(
  { plan, open = [] }: { readonly plan: Plan; readonly open?: readonly WantedLink[] | undefined },
  { manifest }: Pick<Capsule, 'manifest'>,
): Promise<ServiceLinks | undefined> {
  if (plan.world === 'virtual') return undefined;
  const links = new ServiceLinks(plan, manifest.services);
  const taken = new Map<number, LinkTarget>();
  for (const { target, at } of open) {
    links.want(target, at);
    if (at === 0) continue;
    const other = taken.get(at);
    taken.set(at, target);
    if (other === undefined && (await isPortFree(at))) continue;
    const by = other === undefined ? 'taken' : `that of ${linkName(other)}`;
    throw new MeshSimError(
      'port-unavailable',
      `Port ${at} of this machine, at which ${linkName(target)} is to be opened, is ${by}: name another one, or none for any that is free.`,
    );
  }
  return links;
}
