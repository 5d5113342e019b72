import { hostsIn } from '../model/endpoints.ts';
import type { Environments } from '../model/environments.ts';
import { matchesHostPattern } from '../model/hostPattern.ts';

/** A service's environment with every placeholder and secret filled in, on one node. */
export interface ResolvedService {
  readonly service: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface EndpointHit {
  readonly service: string;
  readonly variable: string;
  readonly environment: string;
  readonly pattern: string;
}

export interface ProductionPattern {
  readonly environment: string;
  readonly pattern: string;
}

/** The hosts no simulation may touch. */
export function productionPatterns({ environments }: Environments): ProductionPattern[] {
  return Object.entries(environments).flatMap(([environment, { production, endpoints }]) =>
    production ? endpoints.map((pattern) => ({ environment, pattern })) : [],
  );
}

/** Every variable whose value names a host of production, each once. The values themselves are told to nobody. */
export function productionEndpointsIn(
  services: readonly ResolvedService[],
  patterns: readonly ProductionPattern[],
): EndpointHit[] {
  const hits = new Map<string, EndpointHit>();
  for (const { service, env } of services) {
    for (const [variable, value] of Object.entries(env)) {
      const mentioned = hostsIn(value);
      const found = patterns.find(({ pattern }) =>
        mentioned.some((mention) => matchesHostPattern(mention, pattern)),
      );
      if (found !== undefined) hits.set(`${service}.${variable}`, { service, variable, ...found });
    }
  }
  return [...hits.values()];
}
