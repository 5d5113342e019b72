import { LOCAL_HOST } from '../model/hostKinds.ts';
import { OTHER_NODES } from '../model/hostPlacement.ts';
import { flagUsage } from './flagUsage.ts';

export interface HostFlags {
  readonly on?: readonly string[];
  readonly spread?: string;
}

/**
 * Where a plan puts its nodes: `--on n1=edge` for one, `--spread edge,box` for all others but n0, in turn.
 * Undefined: the flags say nothing.
 * @throws MeshSimError `usage`
 */
export function hostsFlags({ on = [], spread }: HostFlags): Record<string, unknown> | undefined {
  if (on.length === 0 && spread === undefined) return undefined;
  const hosts: Record<string, unknown> = {};
  for (const value of on) {
    const [, node = '', host = ''] = /^(n\d+)=([^=,]+)$/.exec(value) ?? [];
    if (node === '') throw flagUsage('--on', value, 'node=host, such as n1=edge');
    if (Object.hasOwn(hosts, node)) throw flagUsage('--on', value, `${node} once`);
    hosts[node] = host;
  }
  if (spread !== undefined) {
    const names = spread.split(',');
    if (names.includes(''))
      throw flagUsage('--spread', spread, `hosts, such as ${LOCAL_HOST},edge`);
    hosts[OTHER_NODES] = names;
  }
  return hosts;
}
