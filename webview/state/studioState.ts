import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Evidence } from '../../src/model/api.ts';
import type { ProvenanceRun } from '../../src/model/provenanceApi.ts';
import type { StudioClient } from '../client/studioClient.ts';
import type { RunHistory } from '../run/history.ts';
import { CompareState } from './compareState.ts';
import { DeployState } from './deployState.ts';
import type { EvidenceOrigin } from './evidenceOrigin.ts';
import { known, NO_FILTER, type Place, type TimelineFilter, type View } from './place.ts';
import { problemOf } from './problem.ts';
import { Progress } from './progress.ts';
import { RunClock } from './runClock.ts';
import { ServerState } from './serverState.ts';
import { ShownRun } from './shownRun.ts';

/**
 * What the page shows. Resources (workspace, page, capsules, graph, evidence) are the server's and asked for anew when it says they
 * changed; navigation (view, simId, time) is the page's own.
 */
export class StudioState {
  readonly client: StudioClient;
  readonly deploy: DeployState;
  readonly compare: CompareState;
  readonly shown: ShownRun;
  readonly progress = new Progress();
  readonly view = signal<View>('run');
  readonly workspace: ServerState['workspace'];
  readonly page: ServerState['page'];
  readonly capsules: ServerState['capsules'];
  readonly graph: ServerState['graph'];
  readonly explored: ServerState['explored'];
  readonly simId = signal<string | undefined>(undefined);
  /** The runId of the selected entry of the ledger, where that is no simulation. */
  readonly entry = signal<string | undefined>(undefined);
  readonly capsuleHash = signal<string | undefined>(undefined);
  /** Names of the services of the selected Capsule. */
  readonly services = computed(() => this.#services.value.map(({ name }) => name));
  /** Those that have a commit to drift from: programs of the machine have none. */
  readonly driftingServices = computed((): readonly string[] =>
    this.#services.value.flatMap((service) => ('commit' in service ? [service.name] : [])),
  );
  readonly evidence = signal<Evidence | undefined>(undefined);
  readonly origin = signal<EvidenceOrigin | undefined>(undefined);
  /** The node of the graph whose checks are shown. */
  readonly trusted = signal<string | undefined>(undefined);
  readonly filter = signal<TimelineFilter>(NO_FILTER);
  /** One sentence about what just failed; empty while all is well. */
  readonly problem = signal('');
  /** Why the events of the selected run cannot be shown; empty where they can. */
  readonly runProblem = signal('');
  /** Whether the server's notices arrive. */
  readonly isConnected = signal(true);
  /** ms since the run began; undefined: live, or the end. */
  readonly seekTo = signal<number | undefined>(undefined);
  readonly clock = new RunClock(this.seekTo);
  /** Of a narrow page, whether the form of the next run is shown. */
  readonly isPanelOpen = signal(false);
  readonly nodeFilter = signal<string | undefined>(undefined);
  readonly selectedRun = computed(() => {
    const [entry, simId] = [this.entry.value, this.simId.value];
    const runs = this.page.value?.runs ?? [];
    // By simId, since a run has another entry once it is sealed.
    return runs.find((run) => (simId === undefined ? run.runId === entry : run.simId === simId));
  });
  /** Why nothing can be run here, one sentence; undefined: all may. */
  readonly refusal = computed(() => {
    const { integrity } = this.page.value ?? {};
    const broken =
      integrity?.status === 'broken' ? 'The chain is broken: see the timeline.' : undefined;
    return this.workspace.value?.refusal ?? broken;
  });
  readonly place = computed((): Place => {
    const [simId, entry, t] = [this.simId.value, this.entry.value, this.seekTo.value];
    const [a, b] = [this.compare.a.value, this.compare.b.value];
    const filter = this.filter.value;
    return { view: this.view.value, ...known({ simId, entry, a, b, t }), filter };
  });
  readonly #server: ServerState;
  /** Of the selected Capsule. */
  readonly #services = computed(() => {
    const hash = this.capsuleHash.value;
    const capsule = this.capsules.value.find(({ capsuleHash }) => capsuleHash === hash);
    return capsule?.services ?? [];
  });
  #watching = new AbortController();

  constructor(client: StudioClient) {
    this.client = client;
    this.deploy = new DeployState(client);
    this.compare = new CompareState(client);
    this.shown = new ShownRun(client);
    this.#server = new ServerState(client);
    const { workspace, page, capsules, graph, explored } = this.#server;
    this.workspace = workspace;
    this.page = page;
    this.capsules = capsules;
    this.graph = graph;
    this.explored = explored;
  }

  /** The run that is shown. */
  get run(): RunHistory | undefined {
    return this.shown.history;
  }

  /** Counts what changed of it: who reads `run` reads this too. */
  get frame(): ReadonlySignal<number> {
    return this.shown.frame;
  }

  /** Runs an action of the person; what fails is told, not thrown. */
  async attempt(action: () => Promise<void>): Promise<void> {
    this.problem.value = '';
    await this.#told(action);
  }

  /** Without clearing what a person may still be reading. */
  async #told(action: () => Promise<void>): Promise<void> {
    try {
      await this.progress.of(action());
    } catch (error) {
      this.problem.value = problemOf(error);
    }
  }

  refresh(): Promise<void> {
    const also = () => (this.capsuleHash.value ??= this.capsules.value[0]?.capsuleHash);
    return this.#told(() => this.#server.refresh(also));
  }

  /** The next page of the timeline, below what is shown. */
  loadOlder(): Promise<void> {
    return this.attempt(() => this.#server.loadOlder());
  }

  loadGraph(): Promise<void> {
    return this.#told(() =>
      this.#server.loadGraph(() => {
        this.trusted.value ??= this.selectedRun.value?.runId;
      }),
    );
  }

  /** The next page of the chain of trust, below what is shown. */
  loadOlderGraph(): Promise<void> {
    return this.attempt(() => this.#server.loadOlderGraph());
  }

  /** Asks for everything now, and takes lost connections up again. */
  retry(): void {
    this.problem.value = '';
    this.client.retry();
    void this.refresh();
  }

  /** Hears of changes until `suspend`. */
  watch(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
    const { signal: aborted } = this.#watching;
    const listener = {
      onChange: () => void this.refresh(),
      onConnection: (isConnected: boolean) => (this.isConnected.value = isConnected),
    };
    this.client.watch(listener, aborted).catch((error: unknown) => {
      this.problem.value = problemOf(error);
    });
  }

  /** Closes every stream: the page goes away. */
  suspend(): void {
    this.#watching.abort();
    this.shown.suspend();
    this.deploy.suspend();
  }

  /** After `suspend`: hears of changes again, and of the run that is shown. */
  resume(): void {
    this.watch();
    const simId = this.simId.value;
    if (simId !== undefined && this.run?.end === undefined) this.#follow(simId);
  }

  /** Shows what was shown before. */
  restore({ view, simId, entry, a, b, t, filter }: Place): void {
    this.filter.value = filter;
    this.compare.choose(a, b);
    if (simId === undefined) this.view.value = view;
    else this.openRun(simId, view);
    batch(() => {
      this.entry.value = entry;
      this.seekTo.value = t;
    });
  }

  show(view: View): void {
    this.view.value = view;
    if (view === 'evidence' && this.evidence.value === undefined) this.loadEvidence();
  }

  /** Goes to a view, and to an entry of the ledger that is no run, where one is named. */
  showEntry(view: View, runId: string | undefined): void {
    if (runId !== undefined) {
      this.#closeRun();
      this.entry.value = runId;
      this.trusted.value = runId;
    }
    this.show(view);
  }

  /** Selects an entry of the timeline. One that is no run leaves the view without a run, unless it is about the chain. */
  openEntry(run: ProvenanceRun): void {
    this.capsuleHash.value = run.capsuleHash;
    this.trusted.value = run.runId;
    const view = this.view.value;
    if (run.simId !== undefined) this.openRun(run.simId, view);
    else {
      this.#closeRun();
      this.entry.value = run.runId;
    }
  }

  /** Shows a run, live or recorded. */
  openRun(simId: string, view: View = 'run'): void {
    batch(() => {
      this.#closeRun();
      this.view.value = view;
      this.simId.value = simId;
    });
    this.#follow(simId);
    if (view === 'evidence') this.loadEvidence();
  }

  /** Asks for the evidence of the selected run; there is none before it was sealed. */
  loadEvidence(): void {
    const simId = this.simId.value;
    const { status } = this.selectedRun.value ?? {};
    if (simId === undefined || status === 'running' || status === 'unfinished') return;
    void this.attempt(async () => {
      const evidence = await this.client.evidence(simId);
      if (this.simId.value !== simId) return;
      batch(() => {
        this.evidence.value = evidence;
        this.origin.value = { kind: 'run', simId };
      });
    });
  }

  /** Verifies a `.capsim` from anywhere; its packets are shown where this workspace holds what was signed of them. */
  verifyFile(name: string, read: () => Promise<Uint8Array<ArrayBuffer>>): Promise<void> {
    return this.attempt(async () => {
      const bytes = await read();
      const evidence = await this.client.verify(bytes);
      batch(() => {
        this.#closeRun();
        this.view.value = 'evidence';
        this.evidence.value = evidence;
        this.origin.value = { kind: 'file', name, bytes };
      });
      const simId = evidence.statement?.predicate.meshsim_evidence.result.simId;
      if (evidence.hasEvents && simId !== undefined) this.#follow(simId);
    });
  }

  verifyAgain(): void {
    const origin = this.origin.value;
    if (origin?.kind === 'file') {
      void this.verifyFile(origin.name, () => Promise.resolve(origin.bytes));
    } else this.loadEvidence();
  }

  #closeRun(): void {
    this.shown.close();
    batch(() => {
      this.clock.reset();
      this.simId.value = undefined;
      this.entry.value = undefined;
      this.seekTo.value = undefined;
      this.nodeFilter.value = undefined;
      this.evidence.value = undefined;
      this.origin.value = undefined;
      this.runProblem.value = '';
    });
  }

  #follow(simId: string): void {
    this.shown.follow(simId, {
      onEnd: () => {
        const isShown = this.view.value === 'evidence' && this.simId.value === simId;
        if (isShown && this.evidence.value === undefined)
          void this.refresh().then(() => this.loadEvidence());
      },
      onError: (error) => {
        this.runProblem.value = problemOf(error);
        if (this.view.value === 'run') this.problem.value = problemOf(error);
      },
    });
  }
}
