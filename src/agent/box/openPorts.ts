import { hostsIn } from '../../model/endpoints.ts';
import { portOfPattern } from '../../model/hostPattern.ts';

/** Well-known ports of what services usually depend on: ssh, web, mail, databases, queues, caches, search, telemetry. */
const USUAL_PORTS = [
  22, 80, 443, 465, 587, 1433, 1521, 3306, 4317, 4318, 5432, 5671, 5672, 6379, 8086, 8125, 9042,
  9092, 9200, 11211, 27017,
];

const HOST_VARIABLE = /^(.*)(?:HOST|HOSTNAME|ADDR|ADDRESS|SERVER)$/;

type Env = Readonly<Record<string, string>>;

/** `own`: ports of the node's services; `further`: ports somebody asked for. */
export interface NamedPorts {
  readonly envs: readonly Env[];
  readonly patterns: readonly string[];
  readonly further: readonly number[];
  readonly own: readonly number[];
}

/** The ports at which hosts outside can be reached: the usual ones, and all that the services' env or patterns name. */
export function openPorts({ envs, patterns, further, own }: NamedPorts): number[] {
  const denied = patterns.flatMap((pattern) => portOfPattern(pattern) ?? []);
  const all = new Set([...USUAL_PORTS, ...further, ...envs.flatMap(portsIn), ...denied]);
  for (const port of own) all.delete(port);
  return [...all].filter((port) => port > 0 && port < 65_536);
}

function portsIn(env: Env): number[] {
  const values = Object.values(env).flatMap(mentioned);
  const pairs = Object.keys(env).flatMap((name) => {
    const prefix = HOST_VARIABLE.exec(name)?.[1];
    const port = prefix === undefined ? undefined : env[`${prefix}PORT`];
    return port !== undefined && /^\d{1,5}$/.test(port) ? [Number(port)] : [];
  });
  return [...values, ...pairs];
}

function mentioned(text: string): number[] {
  return hostsIn(text).flatMap(({ port }) => port ?? []);
}
