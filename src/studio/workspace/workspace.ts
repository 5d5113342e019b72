import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { MeshSimError, systemCode } from '../../base/errors.ts';
import { ObjectStore } from '../../capsule/objectStore.ts';
import { LedgerIndex } from '../../ledger/index.ts';
import { Ledger, type LedgerReader } from '../../ledger/ledger.ts';
import { findKeys, openKeyring, type Keyring } from '../../signing/keyring.ts';
import { ALLOWED_SIGNERS_FILE, readAllowedSigners } from '../../signing/signersFile.ts';
import type { AllowedSigner } from '../../signing/allowedSigners.ts';
import type { PassphraseSource } from '../../vault/passphrases.ts';
import { workspacePaths, type WorkspacePaths } from './workspacePaths.ts';

export interface WorkspaceOptions {
  /** The folder that holds, or will hold, `.meshsim/`. */
  readonly folder: string;
  /** The user's folder of keys and trusted signers, see signing/configFolder. */
  readonly configFolder: string;
  /** Folder of the bundled agent and switch. */
  readonly bundleFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Who is asked for the vault's passphrase when the environment does not hold it. */
  readonly passphrases?: PassphraseSource;
  /** Name and version, as evidence states it. */
  readonly product: string;
}

/** What a ledger's folder holds once something was recorded. */
const LEDGER_NAMES = ['checkpoint', 'tile'];

/** One workspace as every use case sees it. Keys and ledger are created when something is first signed or recorded: reading creates nothing. */
export class Workspace {
  readonly paths: WorkspacePaths;
  readonly options: WorkspaceOptions;
  readonly store: ObjectStore;
  #ledger: Promise<Ledger> | undefined;
  #reader: Promise<LedgerReader> | undefined;
  #lookUp: Promise<unknown> = Promise.resolve();

  constructor(options: WorkspaceOptions) {
    this.options = options;
    this.paths = workspacePaths(options.folder);
    this.store = new ObjectStore(this.paths.objects);
  }

  get clock(): Clock {
    return this.options.clock;
  }

  /** For signing: created and trusted on first use. Read anew each time: another process may have put another key in its place. */
  keyring(): Promise<Keyring> {
    return openKeyring(this.options.configFolder, this.options.environment);
  }

  /** For verifying: the keys there are. */
  keysPresent(): Promise<Partial<Keyring>> {
    return findKeys(this.options.configFolder, this.options.environment);
  }

  /** False in a folder where nothing was ever recorded. */
  hasLedger(): boolean {
    // A folder alone is what is left of a process that was stopped before it recorded anything.
    try {
      return readdirSync(this.paths.ledger).some((name) => LEDGER_NAMES.includes(name));
    } catch (error) {
      // One that cannot be looked into is there, and whoever reads it learns why it cannot be read.
      return systemCode(error) !== 'ENOENT';
    }
  }

  /** For reading. Throws `ledger-broken`, also when there is none or no key to verify it with. */
  ledger(): Promise<LedgerReader> {
    this.#reader ??= this.#readLedger();
    return this.#ledger ?? this.#reader;
  }

  /** For appending: created on first use. */
  ledgerToAppend(): Promise<Ledger> {
    this.#ledger ??= this.#openLedger();
    return this.#ledger;
  }

  async #readLedger(): Promise<LedgerReader> {
    try {
      const { ledger: key } = await this.keysPresent();
      if (key !== undefined) return await Ledger.read(this.paths.ledger, key);
      throw new MeshSimError(
        'ledger-broken',
        `Nothing shows that the ledger ${this.paths.ledger} is genuine: there is no ledger key in ${this.options.configFolder}. Set MESH_SIM_CONFIG to the folder with the key that signed it.`,
      );
    } catch (error) {
      // As below; the key may appear too.
      this.#reader = undefined;
      throw error;
    }
  }

  async #openLedger(): Promise<Ledger> {
    try {
      return await Ledger.open(this.paths.ledger, (await this.keyring()).ledger);
    } catch (error) {
      // Somebody may restore it while this process lives.
      this.#ledger = undefined;
      throw error;
    }
  }

  /** An index that knows every entry appended so far, by whichever process. */
  index(): Promise<LedgerIndex> {
    // One after the other: the second finds what the first has read, and writes nothing.
    const opened = this.#lookUp.then(async () =>
      LedgerIndex.open(this.paths.index, await this.ledger()),
    );
    this.#lookUp = opened.catch(() => undefined);
    return opened;
  }

  allowedSigners(): Promise<AllowedSigner[]> {
    return readAllowedSigners(path.join(this.options.configFolder, ALLOWED_SIGNERS_FILE));
  }

  /** ISO 8601 with milliseconds. */
  now(): string {
    return new Date(this.clock.wall()).toISOString();
  }
}
