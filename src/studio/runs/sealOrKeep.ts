import { MeshSimError } from '../../base/errors.ts';
import { sealRun, UnsealableRun, type SealedRun, type SealInput } from '../../evidence/seal.ts';
import type { RunObservation } from '../../model/observation.ts';
import { signedWith, type HeldKey } from '../../signing/heldKey.ts';
import type { SigningKey } from '../../signing/keys.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { assertNoSecret } from './secretLeak.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/**
 * Seals what was observed of a run. A record that contradicts itself is signed by nobody, but not lost: it stays in the run's
 * folder as `unsealed.json`, with all contradictions, beside the events; and so does one that nobody signs, such as an ssh-agent that is gone.
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
    if (isOfKey(error)) throw await keptUnsigned(workspace, redactor, input.observation, error);
    if (!(error instanceof UnsealableRun)) throw error;
    assertNoSecret(error.statementBytes, redactor);
    const { simId } = input.observation;
    const { problems, statementBytes } = error;
    const statement: unknown = JSON.parse(Buffer.from(statementBytes).toString());
    await keep(runPaths(workspace.paths, simId).unsealed, { problems, statement });
    throw new MeshSimError(
      'internal',
      `${error.message} What was observed is kept, unsigned, in .meshsim/runs/${simId}/unsealed.json beside its events: run again, and report this.`,
      { cause: error },
    );
  }
}

/** Whether nobody signs: the key is not to be had, or who holds it does something else. */
export function isOfKey(error: unknown): error is MeshSimError {
  const code = error instanceof MeshSimError ? error.code : undefined;
  return code?.startsWith('key-') === true || code === 'signature-invalid';
}

/**
 * What was observed of a run that nobody signs stays as well. Returns the error that says so, and why.
 * @throws MeshSimError `secret-leak`, `disk-failed`
 */
export async function keptUnsigned(
  workspace: Workspace,
  redactor: Redactor,
  observation: RunObservation,
  error: MeshSimError,
): Promise<MeshSimError> {
  assertNoSecret(Buffer.from(JSON.stringify(observation)), redactor);
  const { simId } = observation;
  await keep(runPaths(workspace.paths, simId).unsealed, { problems: [error.message], observation });
  return new MeshSimError(
    error.code,
    `${error.message} What was observed is kept, unsigned, in .meshsim/runs/${simId}/unsealed.json beside its events.`,
    { cause: error },
  );
}

async function keep(file: string, record: object): Promise<void> {
  await replaceFile(file, `${JSON.stringify(record, null, 2)}\n`);
}
