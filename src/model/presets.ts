/** Chaos schedules that have a name. Apart from the plan's schema, so that the page need not carry a validator for it. */
export const CHAOS_PRESETS = [
  'none',
  'crash-mid-deploy',
  'rolling-restart',
  'partition',
  'one-way-partition',
  'flaky-link',
  'slow-node',
  'corrupt-chunk',
  'byzantine-node',
  'hung-service',
  'service-crash',
  'dns-outage',
  'disk-full',
] as const;

export type ChaosPreset = (typeof CHAOS_PRESETS)[number];
