import { environmentOf } from './procfs.ts';

/**
 * The variable by which processes of a run are known, whatever they leave behind: agents have it, and everything they
 * start inherits it. Its value is `<simId>`, of a node's `/<nodeId>` more, and of what a service does `/<service>` more, and of one run of its health
 * command `/<number>` more; a simId is random (UUIDv4), so no other program has it by chance.
 */
export const MARK_VARIABLE = 'MESH_SIM_RUN';

/** Whose a process is, as far as it is known. */
export interface Owner {
  readonly nodeId?: string | undefined;
  readonly service?: string | undefined;
  /** Which run of the service's health command started it; undefined: none did. */
  readonly check?: string | undefined;
}

/** Of what belongs to no node. */
export function markOfRun(simId: string): Record<string, string> {
  return { [MARK_VARIABLE]: simId };
}

export function markOfNode(simId: string, nodeId: string): Record<string, string> {
  return { [MARK_VARIABLE]: `${simId}/${nodeId}` };
}

/** In an agent: the mark of what it starts, for a service or for itself. Empty when it was started by hand. */
export function ownMark({ service, check }: Pick<Owner, 'service' | 'check'> = {}) {
  const own = process.env[MARK_VARIABLE];
  if (own === undefined) return {};
  const parts = [own, service, check].filter((part) => part !== undefined);
  return { [MARK_VARIABLE]: parts.join('/') };
}

/** The run a process is marked for, and whose it is there. */
export interface Mark extends Owner {
  readonly simId: string;
}

/** The node this agent is; a simId that is empty: it was started by hand. */
export function markOfThis(): Mark {
  return parseMark(process.env[MARK_VARIABLE] ?? '');
}

/** `closed`: its environment may not be read; `changing`: it has none at this moment, to be asked again. */
export function markOf(pid: number): Mark | 'none' | 'closed' | 'changing' {
  const environment = environmentOf(pid);
  if (typeof environment === 'string') return environment;
  const entry = environment.find((one) => one.startsWith(`${MARK_VARIABLE}=`));
  if (entry === undefined) return 'none';
  return parseMark(entry.slice(MARK_VARIABLE.length + 1));
}

function parseMark(text: string): Mark {
  const [simId = '', nodeId, service, check] = text.split('/');
  return { simId, nodeId, service, check };
}
