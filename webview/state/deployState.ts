import { batch, signal } from '@preact/signals';
import type { DeployRequestBody, DeployStarted } from '../../src/model/deployApi.ts';
import type { StudioClient } from '../client/studioClient.ts';
import { advanced, begun, type DeployProgress } from './deployProgress.ts';

/** The deploy pane: the Capsule it is about, where to, and the deploy that goes on or just ended. */
export class DeployState {
  /** Undefined: the pane is closed. */
  readonly capsuleHash = signal<string | undefined>(undefined);
  /** How often it was asked for: each time it takes the focus, also when it is open. */
  readonly openings = signal(0);
  /** The chosen environment; undefined: the first one, production before others. */
  readonly environment = signal<string | undefined>(undefined);
  readonly progress = signal<DeployProgress | undefined>(undefined);
  readonly #client: StudioClient;
  #following = new AbortController();

  constructor(client: StudioClient) {
    this.#client = client;
  }

  open(capsuleHash: string): void {
    batch(() => {
      this.capsuleHash.value = capsuleHash;
      this.openings.value += 1;
      if (this.progress.value?.end !== undefined) this.progress.value = undefined;
    });
  }

  /** A deploy that goes on does so, and is shown again when the pane is opened. */
  close(): void {
    this.capsuleHash.value = undefined;
  }

  choose(environment: string): void {
    batch(() => {
      this.environment.value = environment;
      if (this.progress.value?.end !== undefined) this.progress.value = undefined;
    });
  }

  /** @throws ProblemError `gate-refused`, `deploy-busy` and others of the route */
  async deploy(request: DeployRequestBody): Promise<void> {
    await this.#follow(await this.#client.deploy(request));
  }

  /** @throws ProblemError as the route */
  async rollBack(environment: string): Promise<void> {
    await this.#follow(await this.#client.rollBack(environment));
  }

  async cancel(): Promise<void> {
    const { deployId, end } = this.progress.value ?? {};
    if (deployId !== undefined && end === undefined) await this.#client.cancelDeploy(deployId);
  }

  /** Shows a deploy that was begun elsewhere, or before the page was loaded anew. */
  async join(environment: string, deployId: string): Promise<void> {
    if (this.progress.value?.deployId === deployId && !this.#following.signal.aborted) return;
    await this.#follow({ environment, deployId });
  }

  /** Closes the stream: the page goes away. */
  suspend(): void {
    this.#following.abort();
  }

  async #follow({ environment, deployId }: DeployStarted): Promise<void> {
    this.#following.abort();
    this.#following = new AbortController();
    const { signal: aborted } = this.#following;
    let progress = begun(environment, deployId);
    this.progress.value = progress;
    await this.#client.followDeploy(
      deployId,
      (event) => {
        progress = advanced(progress, event);
        if (!aborted.aborted) this.progress.value = progress;
      },
      aborted,
    );
  }
}
