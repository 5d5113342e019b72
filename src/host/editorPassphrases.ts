import { MeshSimError } from '../base/errors.ts';
import { weakness, type PassphraseSource } from '../studio/workspace/secrets.ts';

/** What an editor does about passphrases: it asks, and it may remember them for one machine and user. */
export interface PassphraseDesk {
  /**
   * Undefined: the person backed out.
   * @param problemOf what is wrong with an answer, told while it is typed
   */
  ask(
    question: string,
    problemOf?: (answer: string) => string | undefined,
  ): Promise<string | undefined>;
  remembered(scope: string): Promise<string | undefined>;
  remember(scope: string, passphrase: string): Promise<void>;
  forget(scope: string): Promise<void>;
}

/**
 * Passphrases of the vault in an editor. What is remembered is a cache: it is kept only once it has opened the vault,
 * and forgotten as soon as it does not.
 */
export function editorPassphrases(desk: PassphraseDesk): PassphraseSource {
  return {
    passphrase: async ({ scope, purpose }) => {
      if (purpose === 'create') return askTwice(desk, scope);
      return (
        (await desk.remembered(scope)) ?? ask(desk, `Passphrase of the vault scope "${scope}"`)
      );
    },
    tried: ({ scope }, passphrase, isRight) =>
      isRight ? desk.remember(scope, passphrase) : desk.forget(scope),
  };
}

async function ask(
  desk: PassphraseDesk,
  question: string,
  problemOf?: (answer: string) => string | undefined,
): Promise<string> {
  const answer = await desk.ask(question, problemOf);
  if (answer !== undefined) return answer;
  throw new MeshSimError('vault-locked', 'The vault stays closed: no passphrase was given.');
}

async function askTwice(desk: PassphraseDesk, scope: string): Promise<string> {
  const first = await ask(desk, `New passphrase for the vault scope "${scope}"`, weakness);
  if (first === (await ask(desk, 'The new passphrase once more'))) return first;
  throw new MeshSimError('vault-locked', 'The two passphrases differ; nothing was stored.');
}
