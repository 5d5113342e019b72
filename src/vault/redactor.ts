import { patternsOf } from './encodings.ts';
import { automataOf, type SecretAutomata, SecretMatcher } from './matching/secretMatcher.ts';
import { RedactionStream } from './redactionStream.ts';

/** The fields of reports and events that hold what a service or an error said. */
const FREE_TEXTS = ['text', 'details', 'sentence', 'host'];

/** Finds the values of secrets, however encodings.ts knows them to be written, and masks them. */
export class Redactor {
  readonly #names: readonly string[];
  readonly #automata: SecretAutomata | undefined;
  readonly #finder: SecretMatcher | undefined;
  #found: number | undefined;

  /** Name → value. */
  constructor(secrets: ReadonlyMap<string, string>) {
    this.#names = [...secrets.keys()];
    if (secrets.size === 0) return;
    this.#automata = automataOf(patternsOf([...secrets.values()]));
    this.#finder = new SecretMatcher(this.#automata, (owner) => (this.#found ??= owner));
  }

  /** It knows no secret, and so finds none. */
  get isEmpty(): boolean {
    return this.#automata === undefined;
  }

  /** The text without secrets: the very same string when it holds none. */
  text(text: string): string {
    if (this.find(text) === undefined) return text;
    const stream = this.stream();
    return Buffer.concat([stream.push(Buffer.from(text)), stream.end()]).toString();
  }

  /** The name of a secret that the text holds, or undefined. */
  find(text: string): string | undefined {
    const finder = this.#finder;
    if (finder === undefined) return undefined;
    this.#found = undefined;
    finder.push(Buffer.from(text), 0);
    finder.end();
    finder.reset();
    return this.#nameFound();
  }

  #nameFound(): string | undefined {
    return this.#found === undefined ? undefined : this.#names[this.#found];
  }

  /** A report or an event with its free texts masked. All else in them are numbers, names and words of the protocol. */
  message<T extends object>(message: T): T {
    if (this.#automata === undefined) return message;
    const texts = message as Readonly<Record<string, unknown>>;
    const masked = FREE_TEXTS.flatMap((field) => {
      const text = texts[field];
      return typeof text === 'string' ? [[field, this.text(text)] as const] : [];
    });
    return { ...message, ...Object.fromEntries(masked) };
  }

  /** For output that comes in pieces. */
  stream(): RedactionStream {
    return new RedactionStream(this.#automata);
  }
}
