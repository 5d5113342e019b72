import path from 'node:path';
import { loadCapsule } from '../../capsule/load.ts';
import { lockFolder, ownerOf } from '../../deploy/environmentLock.ts';
import type { Action, TargetContext } from '../../deploy/targets/deployTarget.ts';
import { Redactor } from '../../vault/redactor.ts';
import { newestProven, successfulDeploys } from './deployHistory.ts';
import { readProvenance } from '../provenance/provenance.ts';
import { ProofReader } from '../provenance/provenanceProof.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a target of that environment is given, without secrets: enough as long as none of its commands is run. */
export async function targetContext(
  workspace: Workspace,
  name: string,
  action: Action,
  onLine: (line: string) => void,
): Promise<TargetContext> {
  const provenance = await readProvenance(workspace);
  const reader = await ProofReader.open(workspace, provenance, 'manifest');
  const last = await newestProven(successfulDeploys(provenance.entries, name), reader);
  return {
    environment: name,
    action,
    folder: workspace.paths.folder,
    stagingFolder: path.join(workspace.paths.deploys, name),
    store: workspace.store,
    env: workspace.options.environment,
    secrets: new Map(),
    redactor: new Redactor(new Map()),
    lastActive: last?.entry.capsuleHash,
    load: (capsuleHash) => loadCapsule(workspace.store, capsuleHash),
    onLine,
  };
}

export function withSecrets(
  context: TargetContext,
  secrets: ReadonlyMap<string, string>,
): TargetContext {
  return { ...context, secrets, redactor: new Redactor(secrets) };
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
