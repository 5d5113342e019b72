import { randomUUID } from 'node:crypto';
import { Deploys } from './deploy/deploys.ts';
import { Simulations } from './runs/simulations.ts';
import { KeptProofs } from './provenance/keptProofs.ts';
import type { Workspace } from './workspace/workspace.ts';

/** The application over one workspace, for as long as an editor window or a server lives. */
export class Studio {
  readonly workspace: Workspace;
  readonly simulations: Simulations;
  readonly deploys: Deploys;
  readonly keptProofs: KeptProofs;
  /** Tells a client that reconnects whether its place in a stream is still of this process. */
  readonly generation = randomUUID().slice(0, 8);

  constructor(workspace: Workspace) {
    this.workspace = workspace;
    this.simulations = new Simulations(workspace);
    this.deploys = new Deploys(workspace);
    this.keptProofs = new KeptProofs(workspace);
  }

  /** Cancels every run and deploy; when it resolves, no process they started is left. */
  async dispose(): Promise<void> {
    await Promise.all([this.simulations.dispose(), this.deploys.dispose()]);
  }
}
