import { asPlainNode } from '../../agent/services/program.ts';
import { MeshSimError } from '../../base/errors.ts';

/** Of what a program said last, so much is kept for a sentence. */
const LAST_WORDS_BYTES = 2_000;
/** What it aborted over, among the frames of its stack. */
const COMPLAINT = /pthread_create|Assertion|FATAL ERROR|out of memory/i;

/** What agents and emulator get of the editor's or the shell's environment; nothing else of it reaches a node. */
export function nodeProgramEnv(compileCacheFolder?: string): Record<string, string> {
  // Of a user without an entry in the system's list, as in many containers, the home folder is known by its variable alone.
  const passedOn = process.platform === 'win32' ? ['SystemRoot', 'USERPROFILE'] : ['HOME'];
  const known = passedOn.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...(compileCacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: compileCacheFolder }),
    ...asPlainNode(),
    ...Object.fromEntries(known),
  };
}

/** What a program wrote to its stderr last. */
export class LastWords {
  #bytes = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]).subarray(-LAST_WORDS_BYTES);
  }

  toString(): string {
    return this.#bytes.toString();
  }

  /** How it ended, with its last line. */
  endedBy(code: number | null, signal: string | null): string {
    const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `exited with code ${code}`;
    const last = this.toString().trim().split('\n').at(-1) ?? '';
    return last === '' ? how : `${how}: ${last}`;
  }
}

/** Node.js aborts where it gets no thread or no memory: that says nothing about a Capsule. */
export function starved(what: string, lastWords: string): MeshSimError {
  const complaint =
    lastWords
      .split('\n')
      .find((line) => COMPLAINT.test(line))
      ?.trim() ?? '';
  const shown = complaint === '' ? '' : ` (${complaint})`;
  return new MeshSimError(
    'machine-exhausted',
    `Node.js ${what}, as it does when it gets no thread or memory${shown}: raise the limits (ulimit -u, ulimit -v) or end some programs, and try again.`,
  );
}
