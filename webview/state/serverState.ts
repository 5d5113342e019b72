import { batch, signal } from '@preact/signals';
import type { CapsuleSummary, WorkspaceState } from '../../src/model/api.ts';
import type { ProvenanceGraph, ProvenancePage } from '../../src/model/provenanceApi.ts';
import type { StudioClient } from '../client/studioClient.ts';
import { ExploredState } from './exploredState.ts';
import { joined, joinedGraphs, refreshedPage } from './timeline.ts';

/** What the server holds of a workspace, as far as it was asked for: timeline, Capsules, chain of trust. Calls reject as the client does. */
export class ServerState {
  readonly workspace = signal<WorkspaceState | undefined>(undefined);
  readonly page = signal<ProvenancePage | undefined>(undefined);
  readonly capsules = signal<readonly CapsuleSummary[]>([]);
  readonly graph = signal<ProvenanceGraph | undefined>(undefined);
  readonly explored: ExploredState;
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
    this.explored = new ExploredState(client);
  }

  /** Asks for all but the graph; `also` runs in the same batch as what came. */
  async refresh(also: () => void): Promise<void> {
    const [workspace, page, { capsules }, { explorations }] = await Promise.all([
      this.#client.workspace(),
      this.#client.provenance(),
      this.#client.capsules(),
      this.#client.explorations(),
    ]);
    batch(() => {
      this.workspace.value = workspace;
      this.page.value = refreshedPage(this.page.value, page);
      this.capsules.value = capsules;
      this.explored.explorations.value = explorations;
      also();
    });
  }

  /** The next page of the timeline, below what is shown. */
  async loadOlder(): Promise<void> {
    const { next } = this.page.value ?? {};
    if (next === undefined) return;
    const older = await this.#client.provenance(next);
    const page = this.page.value;
    if (page?.next === next) this.page.value = joined(page, older);
  }

  async loadGraph(also: () => void): Promise<void> {
    const graph = await this.#client.graph();
    batch(() => {
      this.graph.value = graph;
      also();
    });
  }

  /** The next page of the chain of trust, below what is shown. */
  async loadOlderGraph(): Promise<void> {
    const shown = this.graph.value;
    if (shown?.next === undefined) return;
    this.graph.value = joinedGraphs(shown, await this.#client.graph(shown.next));
  }
}
