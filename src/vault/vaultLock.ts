import lockfile from 'proper-lockfile';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';

/** A holder touches its lock every second; one untouched for this long died, and is taken over. */
const STALE_MS = 5_000;
const TOUCH_MS = 1_000;
/** Enough tries to outlive a dead holder and some queueing: about 15 s. */
const TRIES = { retries: 250, minTimeout: 10, maxTimeout: 60, randomize: true };

/**
 * Runs the work while no other process changes the vault in `folder`. `assertHeld` throws once the lock was lost.
 * @throws MeshSimError `vault-busy`, `disk-failed`
 */
export async function withVaultLock<T>(
  folder: string,
  work: (assertHeld: () => void) => Promise<T>,
): Promise<T> {
  let isLost = false;
  const onCompromised = () => {
    isLost = true;
  };
  const release = await lockfile
    .lock(folder, { stale: STALE_MS, update: TOUCH_MS, retries: TRIES, onCompromised })
    .catch((error: unknown) => {
      throw lockError(folder, error);
    });
  try {
    return await work(() => {
      if (isLost) throw vaultBusy(folder);
    });
  } finally {
    // One that was taken over is not ours to remove.
    await release().catch(() => undefined);
  }
}

function lockError(folder: string, error: unknown): MeshSimError {
  if (systemCode(error) === 'ELOCKED') return vaultBusy(folder, error);
  return new MeshSimError(
    'disk-failed',
    `The vault ${folder} cannot be locked (${systemCode(error) ?? messageOf(error)}); nothing was changed.`,
    { cause: error },
  );
}

/** Others change it faster than this process could. */
export function vaultBusy(folder: string, cause?: unknown): MeshSimError {
  return new MeshSimError(
    'vault-busy',
    `Another process is changing the vault ${folder}: wait for it and try again; nothing was changed.`,
    { cause },
  );
}
