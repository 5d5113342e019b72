import { openRegular } from '../base/regularFile.ts';

/**
 * The files of the page, which need no token: any number of answers that nobody takes hold one copy of each, not one copy
 * an answer. A file that was built again is read again.
 */
export class PageFiles {
  readonly #kept = new Map<string, { readonly version: string; readonly bytes: Promise<Buffer> }>();

  /** Throws as `openRegular`. */
  async read(file: string): Promise<Buffer<ArrayBuffer>> {
    const handle = await openRegular(file);
    try {
      const { ino, size, mtimeMs } = await handle.stat();
      const version = `${ino} ${size} ${mtimeMs}`;
      let kept = this.#kept.get(file);
      if (kept?.version !== version) {
        kept = { version, bytes: handle.readFile() };
        this.#kept.set(file, kept);
      }
      return (await kept.bytes) as Buffer<ArrayBuffer>;
    } catch (error) {
      this.#kept.delete(file);
      throw error;
    } finally {
      await handle.close();
    }
  }
}
