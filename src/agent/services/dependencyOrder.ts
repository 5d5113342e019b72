import type { CapsuleService } from '../../model/capsule.ts';

/**
 * Does something with each of the services, as soon as it is done with those of them that it depends on.
 * @param others waits for a dependency that is not among them
 * @throws the first error of `act` or `others`
 */
export async function inDependencyOrder(
  services: readonly CapsuleService[],
  act: (service: CapsuleService) => Promise<void>,
  others: (name: string) => Promise<void>,
): Promise<void> {
  const begun = new Map<string, Promise<void>>();
  const once = (service: CapsuleService): Promise<void> => {
    const known = begun.get(service.name);
    if (known !== undefined) return known;
    const dependencies = service.dependsOn.map((name) => {
      const dependency = services.find((one) => one.name === name);
      return dependency === undefined ? others(name) : once(dependency);
    });
    const done = Promise.all(dependencies).then(() => act(service));
    begun.set(service.name, done);
    return done;
  };
  await Promise.all(services.map(once));
}
