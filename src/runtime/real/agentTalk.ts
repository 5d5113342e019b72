import { reportSchema } from '../../wire/report.ts';
import type { AgentStart } from '../hosts/hostedNode.ts';
import type { RedactionStream } from '../../vault/redactionStream.ts';
import { LastWords, starved } from './nodeProgram.ts';

export interface AgentTalkOptions extends AgentStart {
  readonly kill: () => void;
}

/**
 * From its start to its first report. Where the system refuses some of its threads, Node.js either ends itself or waits for them
 * for ever; a start takes 0.1 s, or a few on a busy machine.
 */
const START_LIMIT_MS = 30_000;

/** What one agent says until it ends, however that gets here: reports, line by line, and its last words. */
export class AgentTalk {
  /** Resolves once it has ended and all it said was read. */
  readonly ended: Promise<void>;
  readonly #options: AgentTalkOptions;
  readonly #redaction: RedactionStream;
  readonly #lastWords = new LastWords();
  readonly #startLimit: NodeJS.Timeout;
  #fault = '';
  #isGone = false;
  #end: () => void = () => undefined;

  constructor(options: AgentTalkOptions) {
    this.#options = options;
    this.#redaction = options.redactor.stream();
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#startLimit = setTimeout(() => {
      options.onUnable(starved(`said nothing for ${START_LIMIT_MS / 1_000} s`, ''));
      options.kill();
    }, START_LIMIT_MS);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** A line of its reports. */
  line(line: string): void {
    if (this.#fault !== '') return;
    try {
      this.#options.onReport(reportSchema.parse(JSON.parse(line)));
      clearTimeout(this.#startLimit);
    } catch {
      // What it said may be part of a secret: it is not quoted, and an error would.
      this.#fault = `said something that is no report (a line of ${line.length} characters)`;
      this.#options.kill();
    }
  }

  /** Of its stderr. */
  words(bytes: Buffer): void {
    this.#lastWords.push(this.#redaction.push(bytes));
  }

  /** The system gave no process. */
  failed(error: Error): void {
    this.#options.onUnable(error);
    this.over(`could not be started: ${error.message}`);
  }

  /** Its process has ended, and all of it was read. */
  closed(code: number | null, signal: string | null): void {
    this.#lastWords.push(this.#redaction.end());
    if (signal === 'SIGABRT') {
      this.#options.onUnable(starved('aborted', this.#lastWords.toString()));
    }
    this.over(this.#fault !== '' ? this.#fault : this.#lastWords.endedBy(code, signal));
  }

  /** It has ended, in these words. */
  over(words: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#startLimit);
    this.#options.onEnd(words);
    this.#end();
  }
}
