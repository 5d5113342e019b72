import { mkdir } from 'node:fs/promises';
import { MeshSimError, messageOf } from '../base/errors.ts';
import {
  assertStrongEnough,
  type PassphraseRequest,
  type PassphraseSource,
} from './passphrases.ts';
import { assertScopeName, assertSecret, newContent, type ScopeContent } from './scopeContent.ts';
import {
  decryptScope,
  encryptScope,
  readScopeFile,
  removeUnfinished,
  replaceScopeFile,
  scopeFileIn,
  scopesIn,
  SCRYPT_WORK_FACTOR,
} from './scopeFile.ts';
import { vaultBusy, withVaultLock } from './vaultLock.ts';

/** One of several processes that write at once always succeeds, so this many others must have been in between. */
const MAX_TRIES = 20;

export interface VaultOptions {
  /** Holds one age-encrypted file per scope: who opens one has not opened the others. */
  readonly folder: string;
  readonly passphrases: PassphraseSource;
  /** log2 of scrypt's N for files that are written. */
  readonly workFactor?: number;
}

/** The user's secrets, by scope. Nothing of them is kept between two calls. */
export class Vault {
  readonly #options: VaultOptions;

  constructor(options: VaultOptions) {
    this.#options = options;
  }

  scopes(): Promise<string[]> {
    return scopesIn(this.#options.folder);
  }

  /**
   * One scope, decrypted; undefined, and no question asked, when there is none.
   * @throws MeshSimError `vault-locked`, `vault-damaged`, `usage` for a scope name that cannot be one
   */
  async open(scope: string): Promise<ScopeContent | undefined> {
    assertScopeName(scope);
    const file = this.#fileOf(scope);
    const bytes = await readScopeFile(file);
    if (bytes === undefined) return undefined;
    const request = { scope, purpose: 'open' } as const;
    const passphrase = await this.#options.passphrases.passphrase(request);
    return this.#decrypt(bytes, request, passphrase);
  }

  /**
   * Adds secrets to a scope, or replaces them: all or none. The scope is made if there is none.
   * @throws MeshSimError as `open`, `secret-invalid`, `vault-busy`, `disk-failed`
   */
  async set(scope: string, secrets: ReadonlyMap<string, string>): Promise<void> {
    for (const [name, value] of secrets) assertSecret(name, value);
    await this.#change(scope, (present) => new Map([...present, ...secrets]));
  }

  /** @throws MeshSimError as `set`, `secret-missing` when the scope does not hold it */
  async remove(scope: string, name: string): Promise<void> {
    await this.#change(scope, (present) => {
      const rest = new Map(present);
      if (rest.delete(name)) return rest;
      throw new MeshSimError(
        'secret-missing',
        `The vault scope "${scope}" holds no secret ${name}.`,
      );
    });
  }

  async #change(
    scope: string,
    edit: (present: ReadonlyMap<string, string>) => ReadonlyMap<string, string>,
  ): Promise<void> {
    assertScopeName(scope);
    const { folder, passphrases } = this.#options;
    const file = this.#fileOf(scope);
    const purpose = (await readScopeFile(file)) === undefined ? 'create' : 'open';
    const request = { scope, purpose } as const;
    const passphrase = await passphrases.passphrase(request);
    if (purpose === 'create') assertStrongEnough(passphrase);
    await makeFolder(folder);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const before = await readScopeFile(file);
      const after = await this.#edited(before, request, passphrase, edit);
      if (await this.#replaceIfUnchanged(file, before, after)) {
        if (before === undefined) await passphrases.tried?.(request, passphrase, true);
        return;
      }
    }
    throw vaultBusy(folder);
  }

  /** The new file. Deriving keys takes a second, so this is done before anybody is kept waiting. */
  async #edited(
    before: Uint8Array | undefined,
    request: PassphraseRequest,
    passphrase: string,
    edit: (present: ReadonlyMap<string, string>) => ReadonlyMap<string, string>,
  ): Promise<Uint8Array> {
    const { scope } = request;
    const { workFactor = SCRYPT_WORK_FACTOR } = this.#options;
    const content =
      before === undefined ? newContent() : await this.#decrypt(before, request, passphrase);
    const after = { ...content, secrets: edit(content.secrets) };
    return encryptScope(after, { file: this.#fileOf(scope), scope, passphrase }, workFactor);
  }

  /** False when another process has changed the file in the meantime. */
  #replaceIfUnchanged(
    file: string,
    before: Buffer | undefined,
    after: Uint8Array,
  ): Promise<boolean> {
    const { folder } = this.#options;
    return withVaultLock(folder, async (assertHeld) => {
      await removeUnfinished(folder);
      const present = await readScopeFile(file);
      const isSame = present === undefined ? before === undefined : before?.equals(present);
      if (isSame !== true) return false;
      await replaceScopeFile(file, after, assertHeld);
      return true;
    });
  }

  async #decrypt(
    bytes: Uint8Array,
    request: PassphraseRequest,
    passphrase: string,
  ): Promise<ScopeContent> {
    const { passphrases } = this.#options;
    const { scope } = request;
    try {
      const content = await decryptScope(bytes, { file: this.#fileOf(scope), scope, passphrase });
      await passphrases.tried?.(request, passphrase, true);
      return content;
    } catch (error) {
      const isWrong = error instanceof MeshSimError && error.code === 'vault-locked';
      if (isWrong) await passphrases.tried?.(request, passphrase, false);
      throw error;
    }
  }

  #fileOf(scope: string): string {
    return scopeFileIn(this.#options.folder, scope);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MeshSimError(
      'disk-failed',
      `The vault folder ${folder} cannot be created (${messageOf(error)}).`,
      { cause: error },
    );
  }
}
