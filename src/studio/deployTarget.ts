import path from 'node:path';
import { loadCapsule } from '../capsule/load.ts';
import { lockFolder, ownerOf } from '../deploy/environmentLock.ts';
import type { Action, DeployTarget } from '../deploy/targets/deployTarget.ts';
import { targetFor } from '../deploy/targets/targetFor.ts';
import type { Environment } from '../model/environments.ts';
import { Redactor } from '../vault/redactor.ts';
import { successfulDeploys } from './deployHistory.ts';
import { listProvenance } from './provenance.ts';
import type { Workspace } from './workspace.ts';

interface TargetUse {
  readonly action: Action;
  readonly onLine: (line: string) => void;
  /** Left out where none of the target's commands is run. */
  readonly secrets?: ReadonlyMap<string, string>;
}

/** The target of an environment, ready to be worked with. */
export async function openTarget(
  workspace: Workspace,
  name: string,
  { target }: Environment,
  { action, onLine, secrets = new Map<string, string>() }: TargetUse,
): Promise<DeployTarget> {
  const redactor = new Redactor(secrets);
  const past = successfulDeploys(await listProvenance(workspace), name);
  return targetFor(target, {
    environment: name,
    action,
    folder: workspace.paths.folder,
    stagingFolder: path.join(workspace.paths.deploys, name),
    store: workspace.store,
    env: workspace.options.environment,
    secrets,
    mask: (line) => redactor.text(line),
    lastActive: past.at(-1)?.entry.capsuleHash,
    load: (capsuleHash) => loadCapsule(workspace.store, capsuleHash),
    onLine,
  });
}

/** Does the work while no other process of this workspace deploys there. @throws MeshSimError `deploy-busy` */
export async function whileLocked<T>(
  workspace: Workspace,
  environment: string,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const folder = path.join(workspace.paths.deploys, environment);
  const release = await lockFolder(folder, ownerOf(environment, what, workspace.now()));
  try {
    return await work();
  } finally {
    await release();
  }
}
