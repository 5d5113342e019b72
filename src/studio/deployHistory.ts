import type { EntryOf } from './ledgerEntries.ts';
import { listProvenance } from './provenance.ts';
import type { Workspace } from './workspace.ts';

export interface PastDeploy {
  readonly index: number;
  readonly runId: string;
  readonly entry: EntryOf<'deploy'>;
}

/** Every deploy to an environment that succeeded, rollbacks included, oldest first, by the ledger. */
export async function successfulDeploys(
  workspace: Workspace,
  environment: string,
): Promise<PastDeploy[]> {
  return (await listProvenance(workspace)).flatMap(({ index, leafHash, entry }) =>
    entry.kind === 'deploy' && entry.environment === environment && entry.status !== 'failed'
      ? [{ index, runId: leafHash, entry }]
      : [],
  );
}
