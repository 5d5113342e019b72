/** Apart from schemas, so that the agent, which reads no reports, builds none. */

/** What a service of a node says of itself, in the order in which it may. */
export const SERVICE_STATUSES = [
  'building',
  'built',
  'cached',
  'starting',
  'healthy',
  // Of a one-shot service: it has exited with 0, and is as good as healthy from then on.
  'done',
  'exited',
  'failed',
  'stopped',
] as const;

/** Whether it says that whoever depends on the service may start. */
export function isUpStatus(status: ServiceStatus): boolean {
  return status === 'healthy' || status === 'done';
}

export type ServiceStatus = (typeof SERVICE_STATUSES)[number];
