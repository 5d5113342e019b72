import { MeshSimError } from '../base/errors.ts';
import { REGION_COUNT } from '../model/paramLimits.ts';
import { REGIONS, regionOf, regionTopology, type Region } from '../model/regions.ts';
import type { Topology } from '../model/topology.ts';
import { flagUsage } from './flagUsage.ts';

/**
 * `--regions deu,use,sgp`: ids of the table, or airports near them; nodes take them in turn.
 * @param topology what --topology says, which may say no other kind
 * @throws MeshSimError `usage`
 */
export function regionsFlag(value: string, topology: string | undefined): Topology {
  if (topology !== undefined && topology !== 'regions') {
    throw flagUsage('--regions', value, `no --topology ${topology} beside it: they are one`);
  }
  const ids = value.split(',').map((name) => {
    const region = regionOf(name);
    if (region === undefined) throw unknownRegion(name);
    return region.id;
  });
  if (ids.length < REGION_COUNT.min || ids.length > REGION_COUNT.max) {
    const { min, max } = REGION_COUNT;
    throw flagUsage('--regions', value, `${min} to ${max} regions, such as deu,use,sgp`);
  }
  return regionTopology(ids);
}

/** Names those it may have been meant to be. */
export function unknownRegion(name: string): MeshSimError {
  const near = REGIONS.filter((region) => isNear(name.trim().toLowerCase(), region));
  const ids = (near.length === 0 ? REGIONS : near).map(({ id }) => id).join(', ');
  const which = near.length === 0 ? 'known are' : 'near it are';
  return new MeshSimError(
    'usage',
    `There is no region "${name}": ${which} ${ids}; "mesh-sim regions" lists all.`,
  );
}

/** Whether a name begins as the region's id or name does, is a word of its name, or differs from its id in one letter. */
function isNear(wanted: string, { id, name }: Region): boolean {
  if (wanted.length < 2) return false;
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const isSameButOne =
    wanted.length === id.length &&
    Array.from(wanted).filter((letter, at) => letter !== id[at]).length === 1;
  return isSameButOne || id.startsWith(wanted) || words.some((word) => word.startsWith(wanted));
}
