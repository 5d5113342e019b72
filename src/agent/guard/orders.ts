import path from 'node:path';

/** The variable in which a guarded process finds its orders. */
export const GUARD_VARIABLE = 'MESH_SIM_GUARD';

/** What the hook inside a service is told. */
export interface GuardOrders {
  /** Host patterns, see model/hostPattern. */
  readonly deny: readonly string[];
  /** Each refused attempt becomes one line of JSON at the end of this file. */
  readonly log: string;
}

export interface Attempt {
  readonly host: string;
  readonly port?: number | undefined;
}

/** A service's file of attempts inside its node's folder. */
export function attemptsFile(guardFolder: string, service: string): string {
  return path.join(guardFolder, `${service}.ndjson`);
}
