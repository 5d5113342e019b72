import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { readRegularSync, writeAfreshSync } from '../base/regularFile.ts';
import { ObjectStore } from '../capsule/objectStore.ts';
import type { CapsuleVersion } from '../model/upgradeReport.ts';
import type { LaunchCommand } from '../wire/control.ts';
import { ManifestCheck } from './manifestCheck.ts';
import { encodeManifestPayload } from './manifestPayload.ts';
import type { HeldCapsule } from './serviceSet.ts';

/** Names the Capsule that the node is to run, in its folder. */
const CHOICE = 'runs';
/** Is there once the state of its services was filled, or was to stay empty. */
const SEEDED = 'seeded';

/**
 * What a node of an upgrade has besides the Capsule that it receives: the one it runs at first, and which of both it has chosen.
 * The choice is on its disk before anything of it runs, and changes in one step: a crash leaves it on exactly one of them.
 */
export class Versions {
  readonly #launch: LaunchCommand;
  readonly #before: NonNullable<LaunchCommand['upgrade']>['before'];
  #runs: CapsuleVersion;
  #old: HeldCapsule | undefined;

  constructor(launch: LaunchCommand, { before }: NonNullable<LaunchCommand['upgrade']>) {
    this.#launch = launch;
    this.#before = before;
    this.#runs = this.#storedChoice();
  }

  get runs(): CapsuleVersion {
    return this.#runs;
  }

  /** @throws Error with the system's code when it cannot be written */
  choose(version: CapsuleVersion): void {
    if (version === this.#runs) return;
    writeAfreshSync(`${this.#file}.tmp`, Buffer.from(version));
    renameSync(`${this.#file}.tmp`, this.#file);
    this.#runs = version;
  }

  /**
   * Verifies the Capsule that it runs at first, by the rules for one that a neighbour sends.
   * @throws MeshSimError `signature-invalid`, `object-missing`, `object-corrupt`
   */
  async load(): Promise<void> {
    const { capsuleHash, publicKey, envelope, storeFolder } = this.#before;
    const store = new ObjectStore(storeFolder);
    const bytes = await store.get(capsuleHash);
    const check = new ManifestCheck({ capsuleHash, publicKey, verify: this.#launch.verify });
    const verdict = check.payload(encodeManifestPayload({ bytes, envelope }));
    if (!verdict.intact) {
      throw new MeshSimError(
        'signature-invalid',
        `${this.#launch.nodeId} does not run the Capsule it is to be upgraded from: ${verdict.sentence}.`,
      );
    }
    this.#old = {
      capsule: verdict.capsule,
      servicesFolder: 'before',
      readChunk: (digest) => store.get(digest),
      seed: this.#seed(),
    };
  }

  /** A crash in the midst of it has it done again. */
  #seed(): NonNullable<HeldCapsule['seed']> {
    const file = path.join(this.#launch.folder, SEEDED);
    return {
      get isDone() {
        return existsSync(file);
      },
      done: () => writeAfreshSync(file, Buffer.alloc(0)),
    };
  }

  /** @throws MeshSimError `internal` before it was loaded */
  get old(): HeldCapsule {
    if (this.#old === undefined) {
      throw new MeshSimError('internal', 'The Capsule that runs before was not verified yet.');
    }
    return this.#old;
  }

  #storedChoice(): CapsuleVersion {
    try {
      return readRegularSync(this.#file).toString() === 'new' ? 'new' : 'old';
    } catch {
      return 'old';
    }
  }

  get #file(): string {
    return path.join(this.#launch.folder, CHOICE);
  }
}
