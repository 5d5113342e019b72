import { MeshSimError } from '../../base/errors.ts';
import { sealRun, UnsealableRun, type SealedRun, type SealInput } from '../../evidence/seal.ts';
import { signedWith, type HeldKey } from '../../signing/heldKey.ts';
import type { SigningKey } from '../../signing/keys.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { replaceFile } from '../workspace/replaceFile.ts';
import { assertNoSecret } from './secretLeak.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/**
 * Seals what was observed of a run. A record that contradicts itself is signed by nobody, but not lost: it stays in the run's
 * folder as `unsealed.json`, with all contradictions, beside the events.
 * @throws MeshSimError `internal` naming that file, `secret-leak`, `disk-failed`, `key-unreadable` where ssh-agent does not sign
 */
export async function sealOrKeep(
  workspace: Workspace,
  redactor: Redactor,
  input: Omit<SealInput, 'key'> & { readonly key: SigningKey | HeldKey },
): Promise<SealedRun> {
  try {
    const sealed = await signedWith(input.key, (key) => sealRun({ ...input, key }));
    assertNoSecret(sealed.statementBytes, redactor);
    return sealed;
  } catch (error) {
    if (!(error instanceof UnsealableRun)) throw error;
    assertNoSecret(error.statementBytes, redactor);
    const { simId } = input.observation;
    await keep(runPaths(workspace.paths, simId).unsealed, error);
    throw new MeshSimError(
      'internal',
      `${error.message} What was observed is kept, unsigned, in .meshsim/runs/${simId}/unsealed.json beside its events: run again, and report this.`,
      { cause: error },
    );
  }
}

async function keep(file: string, { problems, statementBytes }: UnsealableRun): Promise<void> {
  const statement: unknown = JSON.parse(Buffer.from(statementBytes).toString());
  await replaceFile(file, `${JSON.stringify({ problems, statement }, null, 2)}\n`);
}
