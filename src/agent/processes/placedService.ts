/** Between a service and the place it runs in; no service has it in its name. */
const SEPARATOR = '~';

/**
 * What the processes of a service are known by. Services of two Capsules that run on one node have the same names: those in another
 * place than the first are told apart by it.
 */
export function placedService(service: string, place: number): string {
  return place === 0 ? service : `${service}${SEPARATOR}${place}`;
}

/** The service, wherever it runs. */
export function plainService(placed: string | undefined): string | undefined {
  return placed?.split(SEPARATOR)[0];
}
