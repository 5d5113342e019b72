import { CACHE_POISONED } from './classes/cachePoisoned.ts';
import { CONFIG_KEY_REMOVED } from './classes/configKeyRemoved.ts';
import { DATA_FOLDER_MOVED } from './classes/dataFolderMoved.ts';
import { DATA_FOLDER_REFUSED } from './classes/dataFolderRefused.ts';
import { DEFAULT_FLIPPED } from './classes/defaultFlipped.ts';
import { ENUM_VALUE_REFUSED } from './classes/enumValueRefused.ts';
import { HEALTHY_TOO_EARLY } from './classes/healthyTooEarly.ts';
import { LEADER_REFUSES_FOLLOWER } from './classes/leaderRefusesFollower.ts';
import { MESSAGE_FIELD_RENAMED } from './classes/messageFieldRenamed.ts';
import { MIGRATION_CUT_SHORT } from './classes/migrationCutShort.ts';
import { MIGRATION_HOLDS_LOCK } from './classes/migrationHoldsLock.ts';
import { MIGRATION_NOT_IDEMPOTENT } from './classes/migrationNotIdempotent.ts';
import { PORT_CHANGED } from './classes/portChanged.ts';
import { STARTS_FROM_SCRATCH_ONLY } from './classes/startsFromScratchOnly.ts';
import { UNREADABLE_AFTER_ROLLBACK } from './classes/unreadableAfterRollback.ts';
import type { UpgradeFailure } from './upgradeFailure.ts';

/** The classes of upgrade failures that rehearsals have to find. */
export const CATALOGUE: readonly UpgradeFailure[] = [
  MESSAGE_FIELD_RENAMED,
  ENUM_VALUE_REFUSED,
  UNREADABLE_AFTER_ROLLBACK,
  MIGRATION_NOT_IDEMPOTENT,
  MIGRATION_CUT_SHORT,
  MIGRATION_HOLDS_LOCK,
  PORT_CHANGED,
  DEFAULT_FLIPPED,
  HEALTHY_TOO_EARLY,
  LEADER_REFUSES_FOLLOWER,
  CACHE_POISONED,
  STARTS_FROM_SCRATCH_ONLY,
  CONFIG_KEY_REMOVED,
  DATA_FOLDER_REFUSED,
  DATA_FOLDER_MOVED,
];
