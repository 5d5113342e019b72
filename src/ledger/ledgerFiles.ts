import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, systemCode } from '../base/errors.ts';
import { IrregularFile, openAfresh, readRegular } from '../base/regularFile.ts';
import { syncFolder } from '../base/syncFolder.ts';

/** What the ledger needs of a disk. Names are relative, with `/`. Tests put a failing disk in its place. */
export interface LedgerFiles {
  /** Undefined when there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** True when there is a file or folder of that name. */
  exists(name: string): Promise<boolean>;
  /** Writes a file that no checkpoint covers yet, and makes it and its name durable. */
  create(name: string, bytes: Uint8Array): Promise<void>;
  /** Replaces a file at once: after a crash it holds the old or the new bytes, durably. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file or a whole folder that nothing refers to any more. */
  remove(name: string): Promise<void>;
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await openAfresh(file, 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder and makes the names of all the folders it created durable. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

export function filesIn(folder: string): LedgerFiles {
  const locate = (name: string) => path.join(folder, ...name.split('/'));
  return {
    async read(name) {
      try {
        return await readRegular(locate(name));
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return undefined;
        if (!(error instanceof IrregularFile)) throw error;
        const sentence = `${error.message}, and restore the ledger's folder from a backup.`;
        throw new MeshSimError('ledger-broken', sentence, { cause: error });
      }
    },
    async exists(name) {
      return (await stat(locate(name)).catch(() => undefined)) !== undefined;
    },
    async create(name, bytes) {
      const file = locate(name);
      await makeFolder(path.dirname(file));
      await writeSynced(file, bytes);
      await syncFolder(path.dirname(file));
    },
    async replace(name, bytes) {
      const file = locate(name);
      await makeFolder(path.dirname(file));
      await writeSynced(`${file}.tmp`, bytes);
      await rename(`${file}.tmp`, file);
      await syncFolder(path.dirname(file));
    },
    async remove(name) {
      await rm(locate(name), { recursive: true, force: true });
    },
  };
}
