import type { LedgerFiles } from '../../src/ledger/ledgerFiles.ts';

/** A disk in memory that can be told to fail at its n-th write, before or after half of the bytes are there. */
export class MemoryFiles implements LedgerFiles {
  readonly content = new Map<string, Uint8Array>();
  /** Writes left before the disk fails; undefined: it never does. */
  writesLeft: number | undefined;
  /** A full disk leaves the file short; a crash may leave it short or whole. */
  isTorn = true;

  read(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.content.get(name));
  }

  exists(name: string): Promise<boolean> {
    const names = [...this.content.keys()];
    return Promise.resolve(names.some((key) => key === name || key.startsWith(`${name}/`)));
  }

  create(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#isFailing()) {
      if (this.isTorn) this.content.set(name, bytes.slice(0, bytes.length / 2));
      return this.#full();
    }
    this.content.set(name, bytes);
    return Promise.resolve();
  }

  replace(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#isFailing()) return this.#full();
    this.content.set(name, bytes);
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    for (const key of this.content.keys()) {
      if (key === name || key.startsWith(`${name}/`)) this.content.delete(key);
    }
    return Promise.resolve();
  }

  #isFailing(): boolean {
    if (this.writesLeft === undefined) return false;
    this.writesLeft -= 1;
    return this.writesLeft < 0;
  }

  #full(): Promise<never> {
    return Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  }
}
