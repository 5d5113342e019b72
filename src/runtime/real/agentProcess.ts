import { createInterface } from 'node:readline';
import type { AgentCommand } from '../../wire/control.ts';
import type { AgentStart, HostedAgent } from '../hosts/hostedNode.ts';
import { AgentProgram, type AgentProgramOptions } from './agentProgram.ts';
import { AgentTalk } from './agentTalk.ts';

/** One agent of this machine, spoken to in lines of JSON. */
export class AgentProcess implements HostedAgent {
  readonly #program: AgentProgram;
  readonly #talk: AgentTalk;

  constructor(options: AgentProgramOptions & AgentStart) {
    const talk = new AgentTalk({ ...options, kill: () => this.kill() });
    this.#talk = talk;
    this.#program = new AgentProgram(options, {
      onError: (error) => talk.failed(error),
      onClose: (code, signal) => talk.closed(code, signal),
    });
    const { output, errors } = this.#program;
    if (output !== undefined) {
      createInterface({ input: output, crlfDelay: Infinity }).on('line', (line) => talk.line(line));
    }
    errors?.on('data', (bytes: Buffer) => talk.words(bytes));
  }

  /** Resolves once the process is gone and its pipes are read to the end. */
  get ended(): Promise<void> {
    return this.#talk.ended;
  }

  get isGone(): boolean {
    return this.#talk.isGone;
  }

  /** Undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#program.pid;
  }

  send(command: AgentCommand): void {
    const { input } = this.#program;
    if (input?.writable === true) input.write(`${JSON.stringify(command)}\n`);
  }

  /** SIGKILL to the agent and to everything it started. */
  kill(): void {
    this.#program.kill();
  }
}
