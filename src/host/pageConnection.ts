import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../api/pageHtml.ts';
import { messageOf } from '../base/errors.ts';
import type { Boot } from '../model/boot.ts';
import type { Container } from './container.ts';
import type { EvidenceSource } from './evidenceDocument.ts';
import { runDefaults } from './runDefaults.ts';
import { exportPackets } from './packetExport.ts';
import { openLink } from './openLink.ts';
import type { TunnelServer } from './tunnelServer.ts';

const NONCE_BYTES = 18;

/** The page in one webview, and the host's end of its tunnel. */
export class PageConnection {
  readonly #container: Container;
  readonly #webview: vscode.Webview;
  readonly #evidence: EvidenceSource | undefined;
  readonly #listener: vscode.Disposable;
  #tunnel: TunnelServer | undefined;

  /** @param evidence the file the page shows, and nothing else */
  constructor(container: Container, webview: vscode.Webview, evidence?: EvidenceSource) {
    this.#container = container;
    this.#webview = webview;
    this.#evidence = evidence;
    this.#listener = webview.onDidReceiveMessage((data: unknown) => void this.#receive(data));
    webview.options = { enableScripts: true, localResourceRoots: [this.#page()] };
  }

  /** Loads the page anew; requests of the page before it are forgotten. */
  load(boot: Omit<Boot, 'door' | 'defaults'>): void {
    this.#tunnel?.dispose();
    const page = this.#page();
    const uriOf = (file: string) =>
      this.#webview.asWebviewUri(vscode.Uri.joinPath(page, file)).toString();
    this.#webview.html = pageHtml({
      boot: { ...boot, door: 'editor', defaults: runDefaults() },
      scriptUri: uriOf('studio.js'),
      styleUri: uriOf('studio.css'),
      source: this.#webview.cspSource,
      nonce: randomBytes(NONCE_BYTES).toString('base64url'),
    });
  }

  dispose(): void {
    this.#listener.dispose();
    this.#tunnel?.dispose();
  }

  #page(): vscode.Uri {
    return vscode.Uri.joinPath(this.#container.context.extensionUri, 'dist', 'page');
  }

  async #receive(data: unknown): Promise<void> {
    const { log } = this.#container;
    try {
      const host = await this.#container.host();
      const message = host.readPageMessage(data);
      if (message === undefined) {
        log.warn('The page sent a message of no known kind.');
      } else if (message.type === 'export') {
        await vscode.commands.executeCommand('meshSim.exportEvidence', message.simId);
      } else if (message.type === 'export-packets') {
        await exportPackets(this.#container, message.simId);
      } else if (message.type === 'open-link') {
        await openLink(message.address);
      } else if (message.type === 'export-trust') {
        const { format, capsuleHash } = message;
        await vscode.commands.executeCommand('meshSim.exportTrust', { format, capsuleHash });
      } else {
        this.#tunnel ??= host.openTunnel(
          (answer) => void this.#webview.postMessage(answer),
          (sentence) => log.warn(sentence),
          this.#evidence,
        );
        await this.#tunnel.receive(message);
      }
    } catch (error) {
      // Without a host nobody else would answer, and the page would wait for ever.
      log.error(messageOf(error));
      const id = idOf(data);
      if (id !== undefined) {
        void this.#webview.postMessage({ type: 'error', id, sentence: messageOf(error) });
      }
    }
  }
}

function idOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null || !('id' in data)) return undefined;
  return typeof data.id === 'number' ? data.id : undefined;
}
