import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** A PATH of one folder: this machine's programs, without some, and with others in their places. */
export class ProgramFolder {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param without names of programs that it has not */
  static async make(folder: string, without: readonly string[]): Promise<ProgramFolder> {
    await mkdir(folder, { recursive: true });
    const made = new Set(without);
    for (const from of FOLDERS.filter((one) => existsSync(one))) {
      for (const name of await readdir(from)) {
        if (made.has(name)) continue;
        made.add(name);
        await symlink(path.join(from, name), path.join(folder, name));
      }
    }
    return new ProgramFolder(folder);
  }

  /** A shell script in the place of a program while `during` runs; undefined: the program is missing. */
  async with<T>(
    programs: Readonly<Record<string, string | undefined>>,
    during: () => Promise<T>,
  ): Promise<T> {
    for (const [name, script] of Object.entries(programs)) await this.#place(name, script);
    try {
      return await during();
    } finally {
      for (const name of Object.keys(programs)) await this.#putBack(name);
    }
  }

  async #place(name: string, script: string | undefined): Promise<void> {
    const file = path.join(this.folder, name);
    await rm(file, { force: true });
    if (script === undefined) return;
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  async #putBack(name: string): Promise<void> {
    const file = path.join(this.folder, name);
    await rm(file, { force: true });
    const own = FOLDERS.map((folder) => path.join(folder, name)).find((one) => existsSync(one));
    if (own !== undefined && name !== 'node') await symlink(own, file);
  }
}
