import { StringDecoder } from 'node:string_decoder';
import { MeshSimError } from '../../../base/errors.ts';

/** The longest line of an agent's that is taken from another host, in characters. */
const MAX_LINE = 4 * 1024 * 1024;

/** Cuts what an agent says into lines. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** @throws MeshSimError `host-failed` for a line that has no end */
  push(bytes: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE) {
      throw new MeshSimError('host-failed', 'An agent says a line that has no end.');
    }
    return lines;
  }
}
