import type { CapsuleService, Manifest } from '../../model/capsule.ts';
import type { LaunchCommand } from '../../wire/control.ts';

/** The services of a Capsule that this node runs. One that nobody has placed runs everywhere. */
export function servicesHere(
  { index, services }: Pick<LaunchCommand, 'index' | 'services'>,
  manifest: Pick<Manifest, 'services'>,
): CapsuleService[] {
  const { places } = services;
  return manifest.services.filter(
    ({ name }) => !Object.hasOwn(places, name) || places[name]?.includes(index) === true,
  );
}
