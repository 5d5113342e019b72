import type { Health } from './registry.ts';

/** A port of a service on one node, to be looked at from this machine. The page imports this file: it carries no validator. */
export interface LinkTarget {
  readonly service: string;
  readonly port: string;
  readonly nodeId: string;
}

/** As a person writes it: `gateway.http@n0`. */
export function linkName({ service, port, nodeId }: LinkTarget): string {
  return `${service}.${port}@${nodeId}`;
}

/** What leads there: an address for a browser where the port speaks HTTP, by its name or its health check, else host and port. */
export function linkAddress(health: Health, port: string, at: number): string {
  const place = `127.0.0.1:${at}`;
  if (port.startsWith('https')) return `https://${place}/`;
  const isAsked = 'http' in health && health.http.port === port;
  return isAsked || port.startsWith('http') ? `http://${place}/` : place;
}
