import { visit } from 'jsonc-parser';
import { MeshSimError, messageOf, systemCode, type ErrorCode } from '../base/errors.ts';
import { readRegularUpTo } from '../base/regularFile.ts';

/** What people describe by hand is a few KB; more than this is another kind of file. */
const MAX_FILE_BYTES = 1024 * 1024;

/** A JSON file that people write, and that is refused where they may have meant something else. */
export class StrictFile {
  readonly #file: string;
  readonly #code: ErrorCode;

  /** @param code of the errors */
  constructor(file: string, code: ErrorCode) {
    this.#file = file;
    this.#code = code;
  }

  /** What it holds; undefined: it does not exist. @throws MeshSimError with the code */
  async read(): Promise<unknown> {
    const text = await this.#text();
    if (text === undefined) return undefined;
    const value = this.#parsed(text);
    this.#assertNoKeyTwice(text);
    return value;
  }

  /** An error for a problem in it, which is a clause. */
  invalid(problem: string, cause?: unknown): MeshSimError {
    return new MeshSimError(this.#code, `${this.#file}: ${problem}.`, { cause });
  }

  async #text(): Promise<string | undefined> {
    try {
      const bytes = await readRegularUpTo(this.#file, MAX_FILE_BYTES);
      if (bytes.length > MAX_FILE_BYTES) {
        throw this.invalid(`it has more than ${MAX_FILE_BYTES} bytes, which no such file needs`);
      }
      return bytes.toString('utf8').replace(/^\uFEFF/, '');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      if (error instanceof MeshSimError) throw error;
      throw this.invalid(`it cannot be read (${messageOf(error)})`, error);
    }
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw this.invalid(`it is not JSON (${messageOf(error)}): correct it there`, error);
    }
  }

  /** Of what is there twice JSON keeps the later one, without a word, whatever the first one says. */
  #assertNoKeyTwice(text: string): void {
    const objects: Set<string>[] = [];
    visit(text, {
      onObjectBegin: () => {
        objects.push(new Set());
      },
      onObjectEnd: () => {
        objects.pop();
      },
      onObjectProperty: (name, _offset, _length, line, _column, parent) => {
        const names = objects.at(-1);
        if (names?.has(name) === true) {
          const where = [...parent(), name].join('.');
          throw this.invalid(`${where} is there twice, again in line ${line + 1}: remove one`);
        }
        names?.add(name);
      },
    });
  }
}
