import { isProgram, type Registry } from '../model/registry.ts';
import type { RegistryProblem } from './registryRules.ts';
import { unknownPlaceholders } from './unknownPlaceholders.ts';

/** What the schema cannot say of checks: names that must be unique or known, and placeholders. */
export function* checkProblems({ services, checks = [] }: Registry): Iterable<RegistryProblem> {
  const names = checks.map(({ name }) => name);
  for (const [at, check] of checks.entries()) {
    const place = `checks[${at}]`;
    const first = names.indexOf(check.name);
    if (first !== at) {
      const clause = `${place}.name "${check.name}" is already the name of checks[${first}]: rename one of them`;
      yield { path: ['checks', at, 'name'], clause };
    }
    const path = ['checks', at, 'service'];
    const service = services.find(({ name }) => name === check.service);
    const withContent = services.filter((one) => !isProgram(one)).map(({ name }) => name);
    if (service === undefined) {
      const clause = `${place}.service is "${check.service}", which is no service here: correct it to one of ${withContent.join(', ')}`;
      yield { path, clause };
    } else if (isProgram(service)) {
      const clause = `${place}.service is "${check.service}", a program of the machine, which has no content to run a check in: name one of ${withContent.join(', ')}`;
      yield { path, clause };
    } else {
      const asService = { ...service, env: {}, start: check.run, health: { deadlineMs: 0 } };
      delete asService.build;
      delete asService.migrate;
      for (const { placeholder, why } of unknownPlaceholders(asService, services)) {
        const clause = `${place}.run uses ${placeholder}, ${why}`;
        yield { path: ['checks', at, 'run'], clause, part: placeholder };
      }
    }
  }
}
