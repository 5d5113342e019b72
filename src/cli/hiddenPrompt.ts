import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { MeshSimError } from '../base/errors.ts';
import type { PassphraseSource } from '../studio/workspace/secrets.ts';
import type { CommandContext } from './commandContext.ts';

/**
 * Asks on the terminal without showing what is typed. Undefined when there is no terminal to ask on.
 * @throws MeshSimError `interrupted` on Ctrl-C or at the end of input
 */
export async function askHidden(
  { stderr, signal }: CommandContext,
  question: string,
): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  signal.throwIfAborted();
  const lines = createInterface({
    input: process.stdin,
    // Readline would show the line while it is edited.
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: true,
    historySize: 0,
  });
  try {
    // Only now does the terminal no longer echo: somebody who types ahead must not be shown either.
    stderr.write(question);
    return await new Promise<string>((resolve, reject) => {
      const stop = () =>
        reject(new MeshSimError('interrupted', 'Interrupted: nothing was stored.'));
      lines.once('line', resolve);
      lines.once('SIGINT', stop);
      lines.once('close', stop);
      signal.addEventListener('abort', stop, { once: true });
    });
  } finally {
    lines.close();
    stderr.write('\n');
  }
}

/** Asks for passphrases on the terminal: once per command, unless the answer was wrong; twice for a scope that is new. */
export function askedPassphrases(context: CommandContext): PassphraseSource | undefined {
  if (!process.stdin.isTTY) return undefined;
  let answer: Promise<string> | undefined;
  return {
    passphrase: ({ scope, purpose }) => {
      answer ??= purpose === 'create' ? askTwice(context, scope) : ask(context, scope);
      answer.catch(() => (answer = undefined));
      return answer;
    },
    tried: (_request, _passphrase, isRight) => {
      // A server asks again in its next run.
      if (!isRight) answer = undefined;
      return Promise.resolve();
    },
  };
}

async function ask(context: CommandContext, scope: string): Promise<string> {
  return (await askHidden(context, `Passphrase of the vault scope "${scope}": `)) ?? '';
}

async function askTwice(context: CommandContext, scope: string): Promise<string> {
  const first = await askHidden(context, `New passphrase for the vault scope "${scope}": `);
  const second = await askHidden(context, 'Once more: ');
  if (first !== undefined && first === second) return first;
  throw new MeshSimError('vault-locked', 'The two passphrases differ; nothing was stored.');
}
