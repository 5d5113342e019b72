import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { machineFault } from '../base/machineFault.ts';

/** Path → kind, size and time of its last change. */
export type StateEntries = ReadonlyMap<string, string>;

/** What goes while it is looked at is left out. @throws the error when the machine is at fault */
export async function stateEntries(folder: string): Promise<StateEntries> {
  const entries = new Map<string, string>();
  const below = async (at: string): Promise<void> => {
    for (const name of await unlessGone(readdir(path.join(folder, at)), [])) {
      const file = path.join(at, name);
      const found = await unlessGone(lstat(path.join(folder, file), { bigint: true }), undefined);
      if (found === undefined) continue;
      const { mode, size, mtimeNs } = found;
      // The size of a folder is the file system's own business.
      entries.set(file, found.isDirectory() ? 'folder' : `${mode} ${size} ${mtimeNs}`);
      if (found.isDirectory()) await below(file);
    }
  };
  await below('');
  return entries;
}

/** Sees to it that what one Capsule left in the state folders of its services is there when the other starts. */
export class StateFolders {
  readonly #folder: string;
  #left: StateEntries = new Map();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** To be called when no service runs any more. @throws the error when the machine is at fault */
  async leave(): Promise<void> {
    this.#left = await stateEntries(this.#folder);
  }

  /** How many entries were left, and the first that is gone or was changed since; left out: all are as they were. */
  async find(): Promise<{ readonly entries: number; readonly lost?: string }> {
    const found = await stateEntries(this.#folder);
    const lost = [...this.#left].find(([file, entry]) => found.get(file) !== entry)?.[0];
    return { entries: this.#left.size, ...(lost === undefined ? {} : { lost }) };
  }
}

async function unlessGone<T>(look: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if (machineFault(error) !== undefined) throw error;
    return otherwise;
  }
}
