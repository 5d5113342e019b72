import type { Check } from '../model/check.ts';
import { isProgram, type Registry, type Service } from '../model/registry.ts';
import type { RegistryProblem } from './registryRules.ts';
import { unknownPlaceholders } from './unknownPlaceholders.ts';

/** What the schema cannot say of checks and the workload: names that must be unique or known, and placeholders. */
export function* checkProblems({
  services,
  checks = [],
  workload,
}: Registry): Iterable<RegistryProblem> {
  const names = checks.map(({ name }) => name);
  for (const [at, check] of checks.entries()) {
    const place = `checks[${at}]`;
    const first = names.indexOf(check.name);
    if (first !== at) {
      const clause = `${place}.name "${check.name}" is already the name of checks[${first}]: rename one of them`;
      yield { path: ['checks', at, 'name'], clause };
    }
    yield* commandProblems(check, services, { place, path: ['checks', at], what: 'check' });
  }
  if (workload === undefined) return;
  const of = { place: 'workload', path: ['workload'], what: 'workload' };
  yield* commandProblems(workload, services, of);
}

interface Place {
  readonly place: string;
  readonly path: readonly (string | number)[];
  readonly what: string;
}

function* commandProblems(
  { service: name, run }: Pick<Check, 'service' | 'run'>,
  services: readonly Service[],
  { place, path, what }: Place,
): Iterable<RegistryProblem> {
  const service = services.find((one) => one.name === name);
  const withContent = services.filter((one) => !isProgram(one)).map((one) => one.name);
  if (service === undefined) {
    const clause = `${place}.service is "${name}", which is no service here: correct it to one of ${withContent.join(', ')}`;
    yield { path: [...path, 'service'], clause };
  } else if (isProgram(service)) {
    const clause = `${place}.service is "${name}", a program of the machine, which has no content to run a ${what} in: name one of ${withContent.join(', ')}`;
    yield { path: [...path, 'service'], clause };
  } else {
    const { ports } = service;
    const asService = { ports, env: {}, start: run, health: { deadlineMs: 0 } };
    for (const { placeholder, why } of unknownPlaceholders(asService, services)) {
      const clause = `${place}.run uses ${placeholder}, ${why}`;
      yield { path: [...path, 'run'], clause, part: placeholder };
    }
  }
}
