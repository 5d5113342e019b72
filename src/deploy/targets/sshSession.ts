import { MeshSimError } from '../../base/errors.ts';
import { shellWord } from '../../base/shellWord.ts';
import type { Command } from '../../model/registry.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { lastWords, runProgram, type ProgramEnd } from '../runProgram.ts';

export interface SshPlace {
  readonly host: string;
  readonly port?: number | undefined;
  readonly options: readonly string[];
  /** The user's own environment: agent, HOME, PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Where ssh itself runs; of no meaning to the other side. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
  readonly redactor: Redactor;
}

export interface RemoteScript {
  readonly script: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly input?: AsyncIterable<Uint8Array>;
  /** Its lines are answers to us, not news for a person. */
  readonly isQuiet?: boolean;
}

/** Longer than any script of ours takes; what the user declares has limits of its own. */
const SCRIPT_LIMIT_MS = 600_000;
const CONNECT_LIMIT_S = 15;
/** ssh(1): its own failures, as opposed to those of what it ran. */
const SSH_FAILED = 255;

/** A command as one shell command. */
export function shellWords(command: Command): string {
  return typeof command === 'string'
    ? `sh -c ${shellWord(command)}`
    : command.map((word) => shellWord(word)).join(' ');
}

/** Scripts for `sh` on another machine, through the user's own ssh program: their configuration, agent and known hosts. */
export class SshSession {
  readonly #place: SshPlace;

  constructor(place: SshPlace) {
    this.#place = place;
  }

  /** @throws MeshSimError `deploy-failed` when there is no way to the machine */
  async run(remote: RemoteScript): Promise<ProgramEnd> {
    const { host, env, folder, onLine, redactor } = this.#place;
    const end = await runProgram({
      command: ['ssh', ...this.#flags(), '--', host, `sh -c ${shellWord(remote.script)}`],
      folder,
      env,
      timeoutMs: remote.timeoutMs ?? SCRIPT_LIMIT_MS,
      signal: remote.signal,
      onLine: remote.isQuiet === true ? () => undefined : onLine,
      redactor,
      ...(remote.input === undefined ? {} : { input: remote.input }),
    });
    if (end.code !== SSH_FAILED) return end;
    throw new MeshSimError('deploy-failed', `ssh ${host} failed.${lastWords(end)}`);
  }

  /** @throws MeshSimError `deploy-failed` for anything but exit code 0 */
  async must(what: string, remote: RemoteScript): Promise<readonly string[]> {
    const end = await this.run(remote);
    if (end.code === 0) return end.lines;
    throw new MeshSimError(
      'deploy-failed',
      `${what} on ${this.#place.host} ${end.words}.${lastWords(end)}`,
    );
  }

  #flags(): string[] {
    const { port, options } = this.#place;
    return [
      // Nobody is there to answer a question.
      ...['-T', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${CONNECT_LIMIT_S}`],
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...options.flatMap((option) => ['-o', option]),
    ];
  }
}
