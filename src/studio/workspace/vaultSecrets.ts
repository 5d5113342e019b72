import { parseDotenv } from '../../base/dotenv.ts';
import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import {
  assertScopeName,
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

/** What became of a `.env` file: names alone. */
export interface ImportedDotenv {
  readonly stored: readonly string[];
  /** What is no secret, each with the reason: `PORT (line 2) is shorter than 6 characters: …`. */
  readonly left: readonly string[];
}

/**
 * Stores the values of a `.env` file that can be secrets. Others are left, and named with the reason.
 * @throws MeshSimError `secret-invalid` for a line that cannot be read, and where nothing could be stored; `usage` when the file
 * cannot be read; as Vault.set
 */
export async function importDotenv(
  vault: Vault,
  scope: string,
  file: string,
): Promise<ImportedDotenv> {
  const entries = parseDotenv(secretText(await readBytes(file), file), file).map((entry) => ({
    ...entry,
    problem: entry.problem ?? nameProblem(entry.name) ?? valueProblem(entry.value),
  }));
  const left = entries.flatMap(({ name, line, problem }) =>
    problem === undefined ? [] : [`${name} (line ${line}) ${problem}`],
  );
  const secrets = new Map(
    entries.flatMap(({ name, value, problem }) => (problem === undefined ? [[name, value]] : [])),
  );
  if (secrets.size === 0) {
    const why = left.length === 0 ? 'it names none' : left.join('; ');
    throw new MeshSimError('secret-invalid', `${file} has no secret that can be stored: ${why}.`);
  }
  await vault.set(scope, secrets);
  return { stored: [...secrets.keys()], left };
}

/** The sentences that tell a person. */
export function importedSentences(scope: string, { stored, left }: ImportedDotenv): string[] {
  return [
    `Stored in the scope "${scope}": ${stored.join(', ')}.`,
    ...(left.length === 0
      ? []
      : [
          `Left: ${left.join('; ')}. What is no secret belongs in the "env" of its service, or in a committed file of its "envFiles".`,
        ]),
  ];
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
