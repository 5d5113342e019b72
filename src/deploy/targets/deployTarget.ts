import path from 'node:path';
import { writeAfresh } from '../../base/regularFile.ts';
import { syncFolder } from '../../base/syncFolder.ts';
import type { ObjectStore } from '../../capsule/objectStore.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { unusable, type LockOwner } from '../environmentLock.ts';
import type { CheckRunner } from '../healthChecks.ts';

/** What a target is given to work with. */
export interface TargetContext {
  readonly environment: string;
  /** What the user's programs are told. */
  readonly action: Action;
  /** Relative paths of a target start here. */
  readonly folder: string;
  /** Of this environment alone, for trees that are not deployed yet. */
  readonly stagingFolder: string;
  readonly store: ObjectStore;
  /** The user's own environment, for programs of the user's. */
  readonly env: NodeJS.ProcessEnv;
  /** Name → value, for the target's commands alone. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Hides these in what was printed. */
  readonly redactor: Redactor;
  /** What was active last, by the ledger: all a target knows that cannot be asked. */
  readonly lastActive: string | undefined;
  /** A Capsule of this workspace, its bytes verified. */
  readonly load: (capsuleHash: string) => Promise<Capsule>;
  readonly onLine: (line: string) => void;
}

/** What is active in a target. */
export interface Active {
  /** Undefined: nothing is. */
  readonly capsuleHash: string | undefined;
  /**
   * `unsettled`: a deploy or rollback began to change what is active and never ended well: its process died, or it could not
   * go back. `removed`: the release that is active is no longer there. `elsewhere`: the link has its name and leads past it.
   */
  readonly state: 'settled' | 'unsettled' | 'removed' | 'elsewhere';
}

/**
 * A place Capsules are deployed to. `activate` is the only step after which something else runs there, and `restore`
 * undoes it. Every step throws MeshSimError `deploy-failed` in one sentence, or the signal's reason.
 */
export interface DeployTarget {
  /** What it means that a Capsule is active already: what was looked at, and what was not. The end of a sentence. */
  readonly activeMeans: string;
  /** Keeps other workspaces and machines away. @throws MeshSimError `deploy-busy` */
  lock(owner: LockOwner): Promise<() => Promise<void>>;
  active(signal: AbortSignal): Promise<Active>;
  /** Lays the Capsule out, verified, without touching what is active. Resolves to where, one sentence. */
  materialise(capsule: Capsule, signal: AbortSignal): Promise<string>;
  /**
   * The signed files of the Capsule's release that are missing or not as signed; what was added there does not count. Undefined: a
   * target that keeps no release has none to look at.
   */
  altered(capsule: Capsule, signal: AbortSignal): Promise<readonly string[] | undefined>;
  /** Resolves to undefined when nothing is declared. */
  prepare(capsuleHash: string, signal: AbortSignal): Promise<string | undefined>;
  /** Unsettled from its beginning on. */
  activate(capsuleHash: string, previous: string | undefined, signal: AbortSignal): Promise<string>;
  /** Makes what was active before active again, and lays that out anew where it is no longer there. */
  restore(previous: string | undefined, failed: string, signal: AbortSignal): Promise<string>;
  /** What is active is as it should be, and recorded. */
  settle(signal: AbortSignal): Promise<void>;
  checkRunner(capsuleHash: string): CheckRunner;
  /** Removes what is neither active nor worth keeping. */
  tidy(active: string | undefined, signal: AbortSignal): Promise<void>;
}

/** Of targets that keep releases. */
export const RELEASE_IS_AS_SIGNED =
  'every signed file of its release is as signed; what else runs there was not looked at';

/** Says in a file, for good, that what is active is about to change. @throws MeshSimError `deploy-failed` */
export async function markUnsettled(file: string, environment: string): Promise<void> {
  try {
    await writeAfresh(file, '');
    await syncFolder(path.dirname(file));
  } catch (error) {
    throw unusable(path.dirname(file), environment, error);
  }
}

export type Action = 'deploy' | 'rollback';

/** What a command of a target wants to know. */
export interface HookFacts {
  readonly action: Action;
  readonly capsuleHash: string;
  /** The folder it runs in. */
  readonly release: string;
  readonly previous?: string | undefined;
}

export function hookFacts(environment: string, facts: HookFacts): Record<string, string> {
  return {
    MESH_SIM_ENVIRONMENT: environment,
    MESH_SIM_ACTION: facts.action,
    MESH_SIM_CAPSULE: facts.capsuleHash,
    MESH_SIM_RELEASE: facts.release,
    MESH_SIM_PREVIOUS: facts.previous ?? '',
  };
}
