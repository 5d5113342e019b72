import { DEFAULT_PATH_LIMITS } from './safePath.ts';
import type { PathLimits } from './safePath.ts';

/** What one service's archive may hold; packing refuses what unpacking would. */
export interface ArchiveLimits extends PathLimits {
  /** Of the whole archive, headers included. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  ...DEFAULT_PATH_LIMITS,
  maxBytes: 2 * 1024 ** 3,
  maxEntries: 100_000,
};
