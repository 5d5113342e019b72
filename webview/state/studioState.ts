import { batch, computed, signal } from '@preact/signals';
import type {
  CapsuleSummary,
  Evidence,
  ProvenancePage,
  WorkspaceState,
} from '../../src/model/api.ts';
import type { StudioClient } from '../client/studioClient.ts';
import { RunHistory } from '../run/history.ts';

export type View = 'run' | 'evidence' | 'trust';

/**
 * What the page shows. Resources (workspace, page, capsules, evidence) are the server's and asked for anew when it says they
 * changed; navigation (view, simId, time) is the page's own. Runs are outside signals: `frame` tells that one changed.
 */
export class StudioState {
  readonly client: StudioClient;
  readonly view = signal<View>('run');
  readonly workspace = signal<WorkspaceState | undefined>(undefined);
  readonly page = signal<ProvenancePage | undefined>(undefined);
  readonly capsules = signal<readonly CapsuleSummary[]>([]);
  readonly simId = signal<string | undefined>(undefined);
  readonly capsuleHash = signal<string | undefined>(undefined);
  readonly evidence = signal<Evidence | undefined>(undefined);
  /** One sentence about what just failed; empty while all is well. */
  readonly problem = signal('');
  readonly frame = signal(0);
  /** ms since the run began; undefined: live, or the end. */
  readonly seekTo = signal<number | undefined>(undefined);
  readonly nodeFilter = signal<string | undefined>(undefined);
  readonly selectedRun = computed(() =>
    this.page.value?.runs.find(({ simId }) => simId !== undefined && simId === this.simId.value),
  );
  run: RunHistory | undefined;
  #following = new AbortController();
  #frameAsked = false;

  constructor(client: StudioClient) {
    this.client = client;
  }

  /** Runs an action of the person; what fails is told, not thrown. */
  async attempt(action: () => Promise<void>): Promise<void> {
    this.problem.value = '';
    await this.#told(action);
  }

  /** Without clearing what a person may still be reading. */
  async #told(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  refresh(): Promise<void> {
    return this.#told(async () => {
      const [workspace, page, { capsules }] = await Promise.all([
        this.client.workspace(),
        this.client.provenance(),
        this.client.capsules(),
      ]);
      batch(() => {
        this.workspace.value = workspace;
        this.page.value = page;
        this.capsules.value = capsules;
        this.capsuleHash.value ??= capsules[0]?.capsuleHash;
      });
    });
  }

  /** Shows a run, live or recorded. */
  openRun(simId: string, view: View = 'run'): void {
    batch(() => {
      this.view.value = view;
      this.seekTo.value = undefined;
      this.nodeFilter.value = undefined;
      this.evidence.value = undefined;
      this.simId.value = simId;
    });
    this.run = undefined;
    this.#following.abort();
    this.#following = new AbortController();
    const { signal: aborted } = this.#following;
    void this.attempt(() => this.client.follow(simId, this.#listener(simId), aborted));
    if (view === 'evidence') this.loadEvidence();
  }

  loadEvidence(): void {
    const simId = this.simId.value;
    if (simId === undefined) return;
    void this.attempt(async () => {
      const evidence = await this.client.evidence(simId);
      if (this.simId.value === simId) this.evidence.value = evidence;
    });
  }

  /** A frame at most: a thousand events a second are one drawing each frame, none while hidden. */
  changed(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    requestAnimationFrame(() => {
      this.#frameAsked = false;
      this.frame.value += 1;
    });
  }

  #listener(simId: string): Parameters<StudioClient['follow']>[1] {
    return {
      onSnapshot: (snapshot) => {
        this.run = new RunHistory(snapshot);
        this.changed();
      },
      onEvent: (event) => {
        this.run?.push(event);
        this.changed();
      },
      onEnd: (end) => {
        if (this.run !== undefined) this.run.end = end;
        this.changed();
        if (this.view.value === 'evidence' && this.simId.value === simId) this.loadEvidence();
      },
      onConnection: (isConnected) => {
        if (this.run !== undefined) this.run.isConnected = isConnected;
        this.changed();
      },
    };
  }
}
