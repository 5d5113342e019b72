import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import { ObjectStore } from '../capsule/objectStore.ts';
import { LedgerIndex } from '../ledger/index.ts';
import { Ledger } from '../ledger/ledger.ts';
import {
  ALLOWED_SIGNERS_FILE,
  openKeyring,
  readAllowedSigners,
  type Keyring,
} from '../signing/keyring.ts';
import type { AllowedSigner } from '../signing/allowedSigners.ts';
import type { PassphraseSource } from '../vault/passphrases.ts';
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

/** One workspace as every use case sees it. Keys and ledger are opened on first need: a wrong flag creates nothing. */
export class Workspace {
  readonly paths: WorkspacePaths;
  readonly options: WorkspaceOptions;
  readonly store: ObjectStore;
  #keyring: Promise<Keyring> | undefined;
  #ledger: Promise<Ledger> | undefined;
  #lookUp: Promise<unknown> = Promise.resolve();

  constructor(options: WorkspaceOptions) {
    this.options = options;
    this.paths = workspacePaths(options.folder);
    this.store = new ObjectStore(this.paths.objects);
  }

  get clock(): Clock {
    return this.options.clock;
  }

  /** Created and trusted on first use. */
  keyring(): Promise<Keyring> {
    this.#keyring ??= this.#openKeyring();
    return this.#keyring;
  }

  /** False in a folder where nothing was ever recorded; asking creates nothing. */
  hasLedger(): boolean {
    return existsSync(this.paths.ledger);
  }

  ledger(): Promise<Ledger> {
    this.#ledger ??= this.#openLedger();
    return this.#ledger;
  }

  async #openKeyring(): Promise<Keyring> {
    try {
      return await openKeyring(this.options.configFolder);
    } catch (error) {
      // Such as a key file others can read, until its mode is corrected.
      this.#keyring = undefined;
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
