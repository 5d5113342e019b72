import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import { parseDotenv } from '../../vault/dotenv.ts';
import {
  assertScopeName,
  assertSecret,
  nameProblem,
  secretText,
  valueProblem,
} from '../../vault/scopeContent.ts';
import type { Vault } from '../../vault/vault.ts';

export { SIMULATION_SCOPE, secretText } from '../../vault/scopeContent.ts';

/** What may be shown of a secret: where it is and what it is called. */
export interface NamedSecret {
  readonly scope: string;
  readonly name: string;
}

/** What a person types about a secret. */
export type SecretInput = 'scope' | 'name' | 'value';

/** What is wrong with it, as a sentence that does not repeat it; undefined: it may be used. */
export function secretInputProblem(input: SecretInput, text: string): string | undefined {
  if (input === 'scope') {
    try {
      assertScopeName(text);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
  const problem = input === 'name' ? nameProblem(text) : valueProblem(text);
  return problem === undefined ? undefined : `It ${problem}.`;
}

/** Every secret of one scope, or of all. @throws MeshSimError as Vault.open */
export async function listSecrets(vault: Vault, only?: string): Promise<NamedSecret[]> {
  const listed: NamedSecret[] = [];
  for (const scope of only === undefined ? await vault.scopes() : [only]) {
    const content = await vault.open(scope);
    for (const name of content?.secrets.keys() ?? []) listed.push({ scope, name });
  }
  return listed;
}

/**
 * Stores all of a `.env` file, or nothing of it if one line is wrong. Returns the names.
 * @throws MeshSimError `secret-invalid` naming the line; `usage` when the file cannot be read; as Vault.set
 */
export async function importDotenv(vault: Vault, scope: string, file: string): Promise<string[]> {
  const entries = parseDotenv(secretText(await readBytes(file), file), file);
  for (const { name, value, line } of entries)
    assertSecret(name, value, ` (${file}, line ${line})`);
  if (entries.length === 0) {
    throw new MeshSimError('secret-invalid', `${file} names no secret; nothing was stored.`);
  }
  await vault.set(scope, new Map(entries.map(({ name, value }) => [name, value])));
  return entries.map(({ name }) => name);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readRegular(file);
  } catch (error) {
    const code = systemCode(error);
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : messageOf(error);
    throw new MeshSimError('usage', `${file} cannot be read: ${why}.`, { cause: error });
  }
}
