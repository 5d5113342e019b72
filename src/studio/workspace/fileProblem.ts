import type * as z from 'zod/mini';
import { findNodeAtLocation, parseTree, type ParseError } from 'jsonc-parser';
import type { ErrorCode } from '../../base/errors.ts';

/** `error`: no command accepts the file so. `warning`: one does, but it may not do what was meant. */
export type Severity = 'error' | 'warning';

/** What is wrong in a JSON file that a person is writing, and where: offsets in UTF-16 units of its text. */
export interface FileProblem {
  readonly offset: number;
  readonly length: number;
  readonly sentence: string;
  readonly severity: Severity;
  readonly code: ErrorCode | 'fault-without-effect';
}

export type JsonPath = readonly (string | number)[];

/** As schemas give it. */
function pathOf(path: readonly PropertyKey[]): JsonPath {
  return path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

/** A clause that stands alone. */
export function sentenceOf(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}

/** Finds the text of a value by its path; of something that is not there, that of the nearest thing around it. */
export class JsonText {
  readonly value: unknown;
  readonly #root: ReturnType<typeof parseTree>;

  private constructor(value: unknown, root: ReturnType<typeof parseTree>) {
    this.value = value;
    this.#root = root;
  }

  /** Undefined when the text is not JSON: the editor itself marks where. */
  static parse(text: string): JsonText | undefined {
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true });
    if (root === undefined || errors.length > 0) return undefined;
    return new JsonText(JSON.parse(text.replace(/^\uFEFF/, '')), root);
  }

  problem(path: JsonPath, code: ErrorCode, sentence: string): FileProblem {
    return { ...this.#place(path), sentence, severity: 'error', code };
  }

  warning(path: JsonPath, code: FileProblem['code'], sentence: string): FileProblem {
    return { ...this.#place(path), sentence, severity: 'warning', code };
  }

  /** Of what a schema of ours refuses, the rest that JSON Schema has no words for: an editor marks the others itself. */
  beyondSchema(error: z.core.$ZodError, code: ErrorCode): FileProblem[] {
    return error.issues
      .filter((issue) => issue.code === 'custom')
      .map(({ path, message }) => this.problem(pathOf(path), code, sentenceOf(message)));
  }

  #place(path: JsonPath): Pick<FileProblem, 'offset' | 'length'> {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#root && findNodeAtLocation(this.#root, path.slice(0, length));
      if (node !== undefined) return { offset: node.offset, length: node.length };
    }
    return { offset: 0, length: 1 };
  }
}
