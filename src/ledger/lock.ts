import lockfile from 'proper-lockfile';
import { diskFailure } from '../base/diskFailure.ts';
import { MeshSimError, systemCode } from '../base/errors.ts';

/** A holder touches its lock every second; one untouched for this long died, and is taken over. */
const STALE_MS = 5_000;
const TOUCH_MS = 1_000;
/** Enough tries, 5 to 50 ms apart, to outlive a dead holder and some queueing: about 15 s. */
const TRIES = { retries: 320, minTimeout: 5, maxTimeout: 50, factor: 1.3, randomize: true };

export interface HeldLock {
  /** Throws when the lock was lost, as after a suspended machine woke up. */
  assertHeld(): void;
}

function lockError(folder: string, error: unknown): MeshSimError {
  if (systemCode(error) === 'ELOCKED') {
    return new MeshSimError(
      'ledger-locked',
      `Another process keeps the ledger ${folder} locked; wait for it to finish and try again.`,
      { cause: error },
    );
  }
  return diskFailure(`Nothing was written: the ledger ${folder} cannot be locked`, error);
}

/** Runs the work while no other process appends to the ledger in `folder`. Throws `ledger-locked` or `disk-failed`. */
export async function withLock<T>(
  folder: string,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  let isLost = false;
  const release = await lockfile
    .lock(folder, {
      stale: STALE_MS,
      update: TOUCH_MS,
      retries: TRIES,
      onCompromised: () => (isLost = true),
    })
    .catch((error: unknown) => {
      throw lockError(folder, error);
    });
  const assertHeld = () => {
    if (isLost) throw lockError(folder, Object.assign(new Error('lost'), { code: 'ELOCKED' }));
  };
  try {
    return await work({ assertHeld });
  } finally {
    // A lock that was taken over is not ours to remove; the library refuses, and there is nothing to add.
    await release().catch(() => undefined);
  }
}
