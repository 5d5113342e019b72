import { isProgram, type Service } from '../model/registry.ts';
import { globProblem } from './globs.ts';
import type { RegistryProblem } from './registryRules.ts';

export function* usablePatterns(services: readonly Service[]): Iterable<RegistryProblem> {
  for (const [index, service] of services.entries()) {
    if (isProgram(service)) continue;
    for (const field of ['include', 'exclude'] as const) {
      for (const [at, pattern] of (service[field] ?? []).entries()) {
        const problem = globProblem(pattern);
        if (problem === undefined) continue;
        const clause = `services[${index}].${field}[${at}] "${pattern}" ${problem}`;
        yield { path: ['services', index, field, at], clause };
      }
    }
  }
}
