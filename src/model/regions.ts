import type { Topology } from './topology.ts';

/** Round-trip times between three public cloud regions, in ms, rounded from published inter-region medians. */
export const THREE_REGIONS: Topology = {
  kind: 'regions',
  regions: ['eu-central', 'us-east', 'ap-southeast'],
  rttMs: [
    [1, 90, 160],
    [90, 1, 220],
    [160, 220, 1],
  ],
};
