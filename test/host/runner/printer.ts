import { readFileSync } from 'node:fs';
import type { HostRecord } from './records.ts';

export interface Totals {
  readonly failing: number;
  /** The suite came to its end: nothing is missing from the counts. */
  readonly isComplete: boolean;
}

/** Prints records in mocha's manner as they arrive in a file that another process appends to. */
export class Printer {
  readonly #file: string;
  #lines = 0;
  #passing = 0;
  #pending = 0;
  #isComplete = false;
  readonly #failures: { readonly title: string; readonly error: string }[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Prints what has arrived since the last call; returns whether anything had. */
  drain(): boolean {
    // The last part is not a whole line yet, or nothing.
    const arrived = readFileSync(this.#file, 'utf8').split('\n').slice(this.#lines, -1);
    this.#lines += arrived.length;
    for (const line of arrived) this.#print(JSON.parse(line) as HostRecord);
    return arrived.length > 0;
  }

  /** Prints the counts as mocha words them, and the failures with their stacks. */
  summarize(): Totals {
    this.drain();
    const failing = this.#failures.length;
    console.log(`\n  ${this.#passing} passing`);
    if (failing > 0) console.log(`  ${failing} failing`);
    if (this.#pending > 0) console.log(`  ${this.#pending} pending`);
    this.#failures.forEach(({ title, error }, index) =>
      console.log(`\n  ${index + 1}) ${title}\n${error.replace(/^/gm, '     ')}`),
    );
    console.log();
    return { failing, isComplete: this.#isComplete };
  }

  #print(record: HostRecord): void {
    switch (record.type) {
      case 'start':
        console.log(`  VS Code ${record.vscode}, Node.js ${record.node} in its extension host`);
        break;
      case 'suite':
        console.log(`\n${margin(record.depth)}${record.title}`);
        break;
      case 'note':
        console.log(`${margin(3)}${record.text}`);
        break;
      case 'pass':
        this.#passing += 1;
        console.log(`${margin(record.depth + 1)}✔ ${record.title} (${record.milliseconds}ms)`);
        break;
      case 'pending':
        this.#pending += 1;
        console.log(`${margin(record.depth + 1)}- ${record.title}`);
        break;
      case 'fail':
        this.#failures.push(record);
        console.log(`${margin(record.depth + 1)}${this.#failures.length}) ${record.title}`);
        break;
      case 'end':
        this.#isComplete = true;
    }
  }
}

function margin(depth: number): string {
  return '  '.repeat(depth);
}
