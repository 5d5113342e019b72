import path from 'node:path';
import { createApi, type StudioApi } from '../api/app.ts';
import { serveLoopback, type LoopbackOptions, type LoopbackServer } from '../api/loopback.ts';
import type { AssistantTool, Consent } from '../assistants/assistantTool.ts';
import { ASSISTANT_TOOLS } from '../assistants/tools.ts';
import { systemClock } from '../base/clock.ts';
import { MeshSimError } from '../base/errors.ts';
import { printableLines } from '../base/visibleText.ts';
import type { StartRequest } from '../model/api.ts';
import type { RunDefaults } from '../model/boot.ts';
import { pageMessageSchema, type PageMessage, type TunnelAnswer } from '../model/tunnel.ts';
import { configFolder } from '../signing/configFolder.ts';
import { createExample } from '../studio/capsules/createExample.ts';
import type { Draft } from '../onramp/draft.ts';
import type { FileProblem } from '../studio/workspace/fileProblem.ts';
import { inspectEnvironments } from '../studio/deploy/inspectEnvironments.ts';
import { inspectHosts } from '../studio/workspace/inspectHosts.ts';
import { inspectPlan } from '../studio/runs/inspectPlan.ts';
import {
  inspectRegistry,
  type InspectRegistryOptions,
} from '../studio/capsules/inspectRegistry.ts';
import { vaultIn } from '../studio/workspace/secrets.ts';
import { Studio } from '../studio/studio.ts';
import {
  importDotenv,
  importedSentences,
  listSecrets,
  secretInputProblem,
  type NamedSecret,
  type SecretInput,
} from '../studio/workspace/vaultSecrets.ts';
import { Workspace } from '../studio/workspace/workspace.ts';
import { editorPassphrases, type PassphraseDesk } from './editorPassphrases.ts';
import { answerDocument, DOCUMENT_ROUTE, type EvidenceSource } from './evidenceDocument.ts';
import { planRequest } from './planRequest.ts';
import { readyCounts, type ReadyCount } from './readyCounts.ts';
import { TunnelServer } from './tunnelServer.ts';

export interface StudioHostOptions {
  readonly folder: string;
  readonly bundleFolder: string;
  readonly product: string;
  readonly refusal: () => string | undefined;
  readonly passphrases: PassphraseDesk;
  readonly runDefaults: () => RunDefaults;
}

/**
 * The Studio of one window with its API, and all that needs more than the editor's own interface: this is a bundle of its
 * own (dist/studioHost.cjs), loaded on first need, so that activation does not pay for it.
 */
export class StudioHost {
  readonly studio: Studio;
  readonly api: StudioApi;
  readonly vault: ReturnType<typeof vaultIn>;
  readonly #pages: LoopbackOptions;
  readonly #refusal: () => string | undefined;
  #server: Promise<LoopbackServer> | undefined;

  constructor(options: StudioHostOptions) {
    const { folder, bundleFolder, product, refusal, passphrases, runDefaults } = options;
    this.#refusal = refusal;
    this.#pages = { pageFolder: path.join(bundleFolder, 'page'), runDefaults };
    const workspace = new Workspace({
      folder,
      bundleFolder,
      product,
      configFolder: configFolder(process.env),
      environment: process.env,
      clock: systemClock,
      passphrases: editorPassphrases(passphrases),
    });
    this.studio = new Studio(workspace);
    this.vault = vaultIn(workspace.options);
    this.api = createApi(this.studio, { refusal });
  }

  /** One server per window, however often the preview is opened. @throws MeshSimError `port-unavailable` */
  loopback(): Promise<LoopbackServer> {
    this.#server ??= serveLoopback(this.api, this.#pages).catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  /** Undefined: nothing a page of ours says. */
  readPageMessage(data: unknown): PageMessage | undefined {
    return pageMessageSchema.safeParse(data).data;
  }

  /** @param evidence the file a custom editor has open; its page may ask for the bytes */
  openTunnel(
    post: (answer: TunnelAnswer) => void,
    onProblem: (sentence: string) => void,
    evidence?: EvidenceSource,
  ): TunnelServer {
    return new TunnelServer(async (request) => {
      const { pathname } = new URL(request.url);
      const isDocument = evidence !== undefined && pathname === DOCUMENT_ROUTE;
      const response = isDocument ? await answerDocument(evidence) : await this.api.fetch(request);
      if (!response.ok) onProblem(`${request.method} ${pathname}: ${response.status}`);
      return response;
    }, post);
  }

  /** Of a run of this process. @throws MeshSimError `run-unknown` */
  async *ready(simId: string, signal: AbortSignal): AsyncGenerator<ReadyCount> {
    yield* readyCounts(await this.studio.simulations.events(simId), signal);
  }

  inspectRegistry(options: InspectRegistryOptions): Promise<FileProblem[]> {
    return inspectRegistry(options);
  }

  inspectPlan(text: string): Promise<FileProblem[]> {
    return inspectPlan(text, this.studio.workspace);
  }

  inspectEnvironments(text: string, file: string): Promise<FileProblem[]> {
    return inspectEnvironments(text, file);
  }

  inspectHosts(text: string): FileProblem[] {
    return inspectHosts(text);
  }

  /** @throws MeshSimError `plan-invalid` */
  planRequest(text: string, name: string): StartRequest {
    return planRequest(text, name);
  }

  /** Of what is in a folder; nothing is written. @throws MeshSimError `source-invalid`, `usage`, `disk-failed` */
  async draftProduct(folder: string): Promise<Draft> {
    // Loaded this late: what reads all those files is needed once in a product's life.
    const { draftProduct } = await import('../studio/onramp/draftProduct.ts');
    return draftProduct(this.studio.workspace.options, { folder });
  }

  /** @throws MeshSimError `usage`, `git-failed`, `disk-failed` */
  createExample(source: string, folder: string): Promise<void> {
    return createExample(source, folder);
  }

  /** Undefined: it may be used. */
  secretInputProblem(input: SecretInput, text: string): string | undefined {
    return secretInputProblem(input, text);
  }

  /** Names only. @throws MeshSimError `vault-locked`, `vault-damaged` */
  listSecrets(): Promise<NamedSecret[]> {
    return listSecrets(this.vault);
  }

  /** Returns sentences with the names. @throws MeshSimError `secret-invalid`, `usage`, those of the vault */
  async importSecrets(scope: string, file: string): Promise<string[]> {
    return importedSentences(scope, await importDotenv(this.vault, scope, file));
  }

  /**
   * What a person is asked before a tool of assistants starts anything; undefined where it starts nothing.
   * @throws MeshSimError `workspace-untrusted`, and as the tool
   */
  async consentTo(name: string, input: unknown): Promise<Consent | undefined> {
    return this.#runnableTool(name).consent?.(this.studio, input);
  }

  /** @returns text for the model. @throws MeshSimError `workspace-untrusted`, and as the tool */
  async callTool(name: string, input: unknown, signal: AbortSignal): Promise<string> {
    return printableLines(await this.#runnableTool(name).run(this.studio, input, signal));
  }

  #runnableTool(name: string): AssistantTool {
    const tool = ASSISTANT_TOOLS.find((one) => one.name === name);
    if (tool === undefined) throw new MeshSimError('usage', `There is no tool "${name}" here.`);
    const refusal = tool.isReadOnly ? undefined : this.#refusal();
    if (refusal !== undefined) throw new MeshSimError('workspace-untrusted', refusal);
    return tool;
  }

  /** Runs first: nothing they started may outlive the window. */
  async dispose(): Promise<void> {
    await this.studio.dispose();
    await (await this.#server)?.close();
  }
}
