import type { Topology } from './topology.ts';

/** A public cloud region whose round-trip times to others are published. */
export interface Region {
  /** What a plan and `--regions` call it. */
  readonly id: string;
  /** Code of an airport near it, by which many people know it; `--regions` takes it as well. */
  readonly airport: string;
  readonly name: string;
}

/** Whose figures these are, and on what terms they may be passed on. Twelve of the regions there are taken, unchanged. */
export const REGIONS_SOURCE = {
  title:
    'Microsoft, Azure network round-trip latency statistics, P95 of 30 days to 2026-07-30 (MicrosoftDocs/azure-docs, articles/networking/azure-network-latency.md)',
  licence: 'CC BY 4.0',
  licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
} as const;

export const REGIONS: readonly Region[] = [
  { id: 'use', airport: 'iad', name: 'East US' },
  { id: 'usw2', airport: 'sea', name: 'West US 2' },
  { id: 'bra', airport: 'gru', name: 'Brazil South' },
  { id: 'irl', airport: 'dub', name: 'North Europe (Ireland)' },
  { id: 'nld', airport: 'ams', name: 'West Europe (Netherlands)' },
  { id: 'deu', airport: 'fra', name: 'Germany West Central' },
  { id: 'zaf', airport: 'jnb', name: 'South Africa North' },
  { id: 'uae', airport: 'dxb', name: 'UAE North' },
  { id: 'ind', airport: 'pnq', name: 'Central India' },
  { id: 'sgp', airport: 'sin', name: 'Southeast Asia (Singapore)' },
  { id: 'jpn', airport: 'hnd', name: 'Japan East' },
  { id: 'aus', airport: 'syd', name: 'Australia East' },
];

/**
 * Round-trip times in whole ms, the 95th percentile, from the region of the row to that of the column, both in the order of
 * REGIONS. Measured from either side on its own, so there and back may differ; 0 on the diagonal, which is not published.
 */
export const REGION_RTT_MS: readonly (readonly number[])[] = [
  [0, 75, 119, 74, 89, 97, 226, 190, 214, 229, 165, 207],
  [75, 0, 179, 136, 153, 159, 285, 256, 218, 165, 103, 180],
  [121, 179, 0, 176, 191, 201, 327, 293, 320, 337, 265, 298],
  [76, 136, 176, 0, 19, 29, 178, 131, 160, 236, 232, 272],
  [89, 153, 191, 19, 0, 14, 171, 124, 153, 181, 242, 282],
  [97, 159, 199, 28, 14, 0, 172, 122, 150, 179, 246, 290],
  [225, 285, 326, 178, 171, 174, 0, 104, 134, 211, 255, 348],
  [190, 256, 293, 131, 124, 122, 104, 0, 35, 90, 155, 179],
  [218, 218, 320, 159, 153, 151, 134, 35, 0, 59, 129, 152],
  [229, 165, 337, 236, 181, 179, 190, 90, 58, 0, 74, 98],
  [165, 103, 275, 232, 242, 250, 254, 155, 129, 74, 0, 105],
  [206, 180, 298, 272, 282, 291, 347, 179, 151, 98, 105, 0],
];

/** Between two nodes of one region, ms; an assumption of this product, since the source has no figure for it. */
const SAME_REGION_RTT_MS = 1;

/** What a plan is given where regions are asked for and none is named: one on each of three continents. */
export const USUAL_REGIONS: readonly string[] = ['deu', 'use', 'sgp'];

/** By id or airport, in any case. */
export function regionOf(name: string): Region | undefined {
  const wanted = name.trim().toLowerCase();
  return REGIONS.find(({ id, airport }) => id === wanted || airport === wanted);
}

/** Round-trip time in ms between regions of the table, the 95th percentile. @throws RangeError for an id it has not */
export function regionRttMs(from: string, to: string): number {
  const [row, column] = [indexOf(from), indexOf(to)];
  return row === column ? SAME_REGION_RTT_MS : (REGION_RTT_MS[row]?.[column] ?? 0);
}

function indexOf(regionId: string): number {
  const index = REGIONS.findIndex(({ id }) => id === regionId);
  if (index < 0) throw new RangeError(`no region has the id ${regionId}`);
  return index;
}

/**
 * The topology of nodes that take these regions in turn, with its times written out: whoever reads the plan needs no table.
 * An id may be there more than once, so that it gets more of the nodes. @throws RangeError for an id the table has not
 */
export function regionTopology(ids: readonly string[]): Extract<Topology, { kind: 'regions' }> {
  return {
    kind: 'regions',
    regions: [...ids],
    rttMs: ids.map((from) => ids.map((to) => regionRttMs(from, to))),
  };
}
