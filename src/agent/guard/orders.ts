import path from 'node:path';

/** The variable in which a guarded process finds its orders. */
export const GUARD_VARIABLE = 'MESH_SIM_GUARD';

/** What the hook inside a service is told. */
export interface GuardOrders {
  /** Host patterns, see model/hostPattern. */
  readonly deny: readonly string[];
  /** A block of addresses that lead to nodes of the mesh and nowhere else, whoever has them outside; left out: there is none. */
  readonly mesh?: string | undefined;
  /** Each refused attempt becomes one line of JSON at the end of this file. */
  readonly log: string;
  /** Left out: no calls are measured. */
  readonly calls?: CallOrders | undefined;
}

/** Calls to these places are measured; CallsLines go to the end of the file `log`. */
export interface CallOrders {
  readonly log: string;
  readonly places: readonly CallPlace[];
}

/** A service as a program of this node calls it: by any of these names and addresses, at this port. */
export interface CallPlace {
  readonly id: number;
  readonly hosts: readonly string[];
  readonly port: number;
}

/** What one process saw of one place lately. Nothing of what was asked or answered is in it. */
export interface CallsLine {
  readonly place: number;
  /** `at`: monotonic ms of the machine at the start, `ms`: until the answer began, `ok`: it did, and with less than 500. */
  readonly calls: { readonly at: number; readonly ms: number; readonly ok: boolean }[];
  /** Further calls that were not measured. */
  dropped: number;
}

export interface Attempt {
  /** As the service wrote it. */
  readonly host: string;
  readonly port?: number | undefined;
  /** What the host stands for, where that is what must not be reached. */
  readonly address?: string | undefined;
}

/** An environment whose Node.js programs load the hook and find these orders, besides what it says itself. */
export function guardedEnv<Env extends Readonly<Record<string, string | undefined>>>(
  env: Env,
  hook: string,
  orders: string,
): Env {
  const { NODE_OPTIONS: own = '' } = env;
  const option = `--require ${JSON.stringify(hook)}`;
  const all = own.includes(option) ? own : `${own} ${option}`.trimStart();
  return { ...env, NODE_OPTIONS: all, [GUARD_VARIABLE]: orders };
}

const SUFFIX = '.ndjson';

/** Whose orders these are; undefined when they are none of ours. */
export function serviceOfOrders(text: string): string | undefined {
  try {
    const { log } = JSON.parse(text) as Partial<GuardOrders>;
    return log === undefined ? undefined : serviceOfAttempts(log);
  } catch {
    return undefined;
  }
}

/** The service that writes to this file of attempts. */
export function serviceOfAttempts(file: string): string {
  return path.basename(file, SUFFIX);
}

/** A service's file of attempts inside its node's folder. */
export function attemptsFile(guardFolder: string, service: string): string {
  return path.join(guardFolder, `${service}${SUFFIX}`);
}
