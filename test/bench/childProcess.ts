import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A child of a suite: it answers each message with one message, and ends when its channel is closed. */
export class BenchChild<Request, Answer> {
  readonly #child: ChildProcess;

  /** `name`: a file in children/. */
  constructor(name: string, args: readonly string[] = []) {
    const file = path.join(import.meta.dirname, 'children', name);
    this.#child = fork(file, args, { execArgv: [], serialization: 'advanced' });
  }

  async ask(request: Request): Promise<Answer> {
    const answered = new AbortController();
    const { signal } = answered;
    const answer = once(this.#child, 'message', { signal }) as Promise<[Answer]>;
    const ended = once(this.#child, 'exit', { signal }).then(([code]) => {
      throw new Error(`A child of the benchmark ended with ${String(code)}.`);
    });
    this.#child.send(request as object);
    try {
      const [message] = await Promise.race([answer, ended]);
      return message;
    } finally {
      answered.abort();
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** The child's side; `never`: what the parent asks is what it was typed with there. */
export function answerWith(answer: (request: never) => Promise<object | number>): void {
  process.on('message', (request) => {
    void answer(request as never).then((message) => process.send?.(message));
  });
  process.on('disconnect', () => process.exit(0));
}
