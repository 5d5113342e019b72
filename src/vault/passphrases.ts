import { MeshSimError } from '../base/errors.ts';

/** The variable that opens a vault where nobody can be asked, as in CI. */
export const PASSPHRASE_VARIABLE = 'MESH_SIM_VAULT_PASSPHRASE';

/** A passphrase is all that stands between a stolen file and its secrets. */
const MIN_PASSPHRASE_CHARS = 8;

export interface PassphraseRequest {
  readonly scope: string;
  /** `create`: there is nothing yet, so it has to be asked for twice. */
  readonly purpose: 'open' | 'create';
}

/** Where passphrases come from: a prompt, or the editor's secret storage as a cache in front of one. */
export interface PassphraseSource {
  /** @throws MeshSimError `vault-locked` when nobody answers */
  passphrase(request: PassphraseRequest): Promise<string>;
  /** Told whether the passphrase was right, so that a cache can keep or forget it. */
  tried?(request: PassphraseRequest, passphrase: string, isRight: boolean): Promise<void>;
}

/** The environment's passphrase if it has one, else what `otherwise` says. */
export function passphraseSource(
  environment: NodeJS.ProcessEnv,
  otherwise: PassphraseSource = NOBODY_TO_ASK,
): PassphraseSource {
  const given = environment[PASSPHRASE_VARIABLE];
  if (given === undefined || given === '') return otherwise;
  return { passphrase: () => Promise.resolve(given) };
}

const NOBODY_TO_ASK: PassphraseSource = {
  passphrase: ({ scope }) =>
    Promise.reject(
      new MeshSimError(
        'vault-locked',
        `The vault scope "${scope}" needs its passphrase: set ${PASSPHRASE_VARIABLE}, or run the command in a terminal.`,
      ),
    ),
};

/** Why a new scope may not have it, as a sentence; undefined: it may. */
export function weakness(passphrase: string): string | undefined {
  if (passphrase.length >= MIN_PASSPHRASE_CHARS) return undefined;
  return `The passphrase is too short for a new vault scope: give at least ${MIN_PASSPHRASE_CHARS} characters, better four random words.`;
}

/** @throws MeshSimError `vault-locked` */
export function assertStrongEnough(passphrase: string): void {
  const problem = weakness(passphrase);
  if (problem !== undefined) throw new MeshSimError('vault-locked', problem);
}
