import path from 'node:path';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';

/** What a file of a run that could not be written means: `disk-failed`, whatever the system said. */
export function writeFailure(file: string, error: unknown): MeshSimError {
  return (
    machineFault(error, { folder: path.dirname(file) }) ??
    new MeshSimError(
      'disk-failed',
      `${file} could not be written (${messageOf(error)}): check the disk and run again; nothing was sealed.`,
      { cause: error },
    )
  );
}
