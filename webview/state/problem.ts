import { ProblemError } from '../client/problemError.ts';

/** What to do, where the server's own sentence only says what is wrong. */
const REMEDIES: Readonly<Record<string, string>> = {
  'ledger-broken': 'Nothing can be added to it: restore .meshsim/ledger from a backup.',
  'ledger-locked': 'Another window is writing to it: try again in a moment.',
  'run-unknown': 'It may have been deleted, or belong to another workspace.',
  'request-foreign': 'Open the Studio by the address it printed.',
  'object-missing': 'Pack the workspace again.',
};

/** One or two sentences for a person: what failed, and what to do. */
export function problemOf(error: unknown): string {
  if (error instanceof ProblemError) {
    const remedy = REMEDIES[error.code];
    return remedy === undefined ? error.message : `${error.message} ${remedy}`;
  }
  // What fetch throws where nobody answers; its words differ by browser and say nothing.
  if (error instanceof TypeError) {
    return 'The Studio does not answer: it may have been stopped. Start it again, then press Retry.';
  }
  return error instanceof Error ? error.message : String(error);
}
