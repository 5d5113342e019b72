import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { Manifest } from '../../model/capsule.ts';
import { namedSecrets } from '../../model/namedSecrets.ts';
import { secretsFingerprint } from '../../vault/fingerprint.ts';
import { passphraseSource, type PassphraseSource } from '../../vault/passphrases.ts';
import { assertSecret, SIMULATION_SCOPE } from '../../vault/scopeContent.ts';
import { Vault } from '../../vault/vault.ts';

export { weakness, type PassphraseSource } from '../../vault/passphrases.ts';

/** A value given here is taken instead of the vault's: for CI that keeps secrets of its own. */
const OVERRIDE_PREFIX = 'MESH_SIM_SECRET_';

export interface VaultLocation {
  readonly configFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Who is asked for a passphrase that is not in the environment. */
  readonly passphrases?: PassphraseSource;
}

export function vaultIn({ configFolder, environment, passphrases }: VaultLocation): Vault {
  return new Vault({
    folder: path.join(configFolder, 'vault'),
    passphrases: passphraseSource(environment, passphrases),
  });
}

/** The secrets of one run, in memory only; they go to the services and builds that name them and to nobody else. */
export interface RunSecrets {
  /** Name → value. */
  readonly values: ReadonlyMap<string, string>;
  /** Of those that services are given. Left out when the vault was not needed: nothing else holds a key to make one with. */
  readonly fingerprint?: string;
}

/**
 * The values of all secrets the Capsule's services name: from `MESH_SIM_SECRET_<NAME>`, else from the vault's scope for
 * simulations. No other scope is ever opened by a run, and this one only if something is wanted of it.
 * @throws MeshSimError `secret-missing` naming service, secret and command; `secret-invalid`; those of the vault
 */
export async function secretsOfRun(
  capsule: { readonly capsuleHash: string; readonly manifest: Manifest },
  location: VaultLocation,
  before?: { readonly manifest: Manifest },
): Promise<RunSecrets> {
  const services = [...capsule.manifest.services, ...(before?.manifest.services ?? [])];
  const named = services.flatMap(namedSecrets);
  const wanted = new Set(named.map(({ name }) => name));
  const values = overridesOf(wanted, location.environment);
  if (values.size === wanted.size) return { values };
  const scope = await vaultIn(location).open(SIMULATION_SCOPE);
  for (const { name, whose } of named) {
    const value = values.get(name) ?? scope?.secrets.get(name);
    if (value === undefined) throw missing(whose, name);
    values.set(name, value);
  }
  const ofServices = valuesOfServices(capsule.manifest, values);
  if (scope === undefined || ofServices.size === 0) return { values };
  return { values, fingerprint: secretsFingerprint(scope.key, capsule.capsuleHash, ofServices) };
}

/**
 * The values of the secrets that an environment names for its target's commands: variables of these names where this process
 * has them, as in CI, else from the vault's scope of the environment's name.
 * @throws MeshSimError `secret-missing` naming environment, secret and command; `secret-invalid`; those of the vault
 */
export async function secretsOfEnvironment(
  environment: string,
  names: readonly string[],
  location: VaultLocation,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of names) {
    const own = location.environment[name];
    if (own === undefined || own === '') continue;
    assertSecret(name, own, ' (a variable of your environment)');
    values.set(name, own);
  }
  if (names.every((name) => values.has(name))) return values;
  const scope = await vaultIn(location).open(environment);
  for (const name of names) {
    const value = values.get(name) ?? scope?.secrets.get(name);
    if (value === undefined) {
      throw new MeshSimError(
        'secret-missing',
        `The commands of ${environment} need the secret ${name}: store it with "mesh-sim vault set ${name} --scope ${environment}", or set the variable ${name}.`,
      );
    }
    values.set(name, value);
  }
  return values;
}

function overridesOf(
  wanted: ReadonlySet<string>,
  environment: NodeJS.ProcessEnv,
): Map<string, string> {
  const given = new Map<string, string>();
  for (const name of wanted) {
    const value = environment[OVERRIDE_PREFIX + name];
    if (value === undefined) continue;
    assertSecret(name, value, ` (in ${OVERRIDE_PREFIX}${name})`);
    given.set(name, value);
  }
  return given;
}

/** Without those that only builds are given: what they get with them is no part of what is sealed. */
function valuesOfServices({ services }: Manifest, values: ReadonlyMap<string, string>) {
  const names = new Set(services.flatMap(({ secrets }) => secrets));
  return new Map([...values].filter(([name]) => names.has(name)));
}

function missing(whose: string, name: string): MeshSimError {
  return new MeshSimError(
    'secret-missing',
    `${whose} needs the secret ${name}: store it with "mesh-sim vault set ${name}", or set ${OVERRIDE_PREFIX}${name}.`,
  );
}
