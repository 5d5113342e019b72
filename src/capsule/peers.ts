/** A node that runs a service. */
export interface Peer {
  /** `n0` … */
  readonly id: string;
  readonly host: string;
}

const DEFAULT_PATTERN = '{host}:{port}';
const FIELD = /\{([^{}]*)\}/g;

/**
 * The nodes of a service as a comma-separated list, each told by the pattern, in which `{id}`, `{host}` and `{port}` are replaced.
 * Undefined: the pattern has another field.
 */
export function toldPeers(
  peers: readonly Peer[],
  port: string,
  pattern = DEFAULT_PATTERN,
): string | undefined {
  const fields = [...pattern.matchAll(FIELD)].map(([, field]) => field);
  if (fields.some((field) => !['id', 'host', 'port'].includes(field ?? ''))) return undefined;
  return peers
    .map(({ id, host }) => {
      const values = new Map(Object.entries({ id, host, port }));
      return pattern.replaceAll(FIELD, (_, field: string) => values.get(field) ?? '');
    })
    .join(',');
}
