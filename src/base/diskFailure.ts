import { MeshSimError, messageOf, systemCode } from './errors.ts';

/** What the system says of a place that this process may read and not write. */
const READ_ONLY: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM']);

export function isReadOnly(error: unknown): boolean {
  return READ_ONLY.has(systemCode(error) ?? '');
}

function adviceOn(error: unknown): string {
  if (systemCode(error) === 'EROFS')
    return 'it is mounted read-only, so use a copy that can be written';
  if (isReadOnly(error)) return 'this user may not write there, so check its owner and mode';
  if (systemCode(error) === 'ENOSPC') return 'the disk is full: free some space and try again';
  if (systemCode(error) === 'EDQUOT') return 'no room is left for this user: free some of it';
  if (systemCode(error) === 'EFBIG') return 'files may not be as long as that: raise ulimit -f';
  return 'check the disk and its permissions';
}

/**
 * That something could not be written, why, and what to do. One of ours is returned as it is: it says so already.
 * @param what the beginning of the sentence, such as "The folder /x cannot be written"
 * @returns MeshSimError `disk-failed`
 */
export function diskFailure(what: string, error: unknown): MeshSimError {
  if (error instanceof MeshSimError) return error;
  const reason = systemCode(error) ?? messageOf(error);
  return new MeshSimError('disk-failed', `${what} (${reason}): ${adviceOn(error)}.`, {
    cause: error,
  });
}
