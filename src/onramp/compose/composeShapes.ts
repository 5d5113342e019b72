import { MeshSimError } from '../../base/errors.ts';
import { isRecord, listOf, recordOf, someOf, textOf, type Values } from '../sources/values.ts';

type Shape = 'text' | 'list' | 'mapping';

/** What compose takes for the keys that are carried over; nothing at all is taken for each. */
const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  build: ['text', 'mapping'],
  command: ['text', 'list'],
  depends_on: ['list', 'mapping'],
  entrypoint: ['text', 'list'],
  env_file: ['text', 'list'],
  environment: ['list', 'mapping'],
  expose: ['list'],
  extends: ['text', 'mapping'],
  healthcheck: ['mapping'],
  image: ['text'],
  links: ['list'],
  networks: ['list', 'mapping'],
  ports: ['list'],
  profiles: ['list'],
  volumes: ['list'],
};

/** @throws MeshSimError `source-invalid` for a value that compose itself would not take */
export function assertShapes(service: Values, place: string): void {
  for (const [key, taken] of Object.entries(SHAPES))
    assertShape(service[key], taken, `${place}.${key}`);
}

/** @throws MeshSimError `source-invalid` */
export function assertShape(value: unknown, taken: readonly Shape[], place: string): void {
  if (value === undefined || value === null) return;
  const shape = shapeOf(value);
  if (taken.some((one) => one === shape)) return;
  throw new MeshSimError(
    'source-invalid',
    `${place} is a ${shape}, and compose takes a ${taken.join(' or a ')}: correct it.`,
  );
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (isRecord(value)) return 'mapping';
  return typeof value === 'string' ? 'text' : typeof value;
}

/** @throws MeshSimError `source-invalid` for a service that waits for itself, or for one that is not there */
export function assertDependencies(file: string, services: ReadonlyMap<string, Values>): void {
  for (const [name, { depends_on: given }] of services) {
    const optional = (one: string) => recordOf(recordOf(given)[one]).required === false;
    const wanted = isRecord(given)
      ? Object.keys(given)
      : listOf(given).map((one) => textOf(one) ?? '');
    for (const one of wanted) {
      const place = `${file}, services.${name}.depends_on`;
      if (one === name)
        throw new MeshSimError('source-invalid', `${place} names ${name} itself: remove it.`);
      if (services.has(one) || optional(one)) continue;
      throw new MeshSimError(
        'source-invalid',
        `${place} names the service "${one}", which is not there: correct it.`,
      );
    }
  }
}

/** @throws MeshSimError `usage` for a profile that no service has: a name that was mistyped would leave services out */
export function assertProfiles(
  file: string,
  services: ReadonlyMap<string, Values>,
  active: readonly string[],
): void {
  const known = new Set(
    [...services.values()].flatMap(({ profiles }) =>
      someOf(profiles).map((one) => textOf(one) ?? ''),
    ),
  );
  const unknown = active.find((one) => one !== '*' && !known.has(one));
  if (unknown === undefined) return;
  const have =
    known.size === 0 ? 'it has no profiles' : `its profiles are ${[...known].join(', ')}`;
  throw new MeshSimError(
    'usage',
    `--profile ${unknown}: no service of ${file} belongs to it: ${have}.`,
  );
}
