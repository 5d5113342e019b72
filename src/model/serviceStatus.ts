/** Apart from schemas, so that the agent, which reads no reports, builds none. */

/** What a service of a node says of itself, in the order in which it may. */
export const SERVICE_STATUSES = [
  'building',
  'built',
  'cached',
  'starting',
  'healthy',
  'exited',
  'failed',
  'stopped',
] as const;

export type ServiceStatus = (typeof SERVICE_STATUSES)[number];
