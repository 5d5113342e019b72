import * as vscode from 'vscode';
import type { Container } from './container.ts';

/** As package.json contributes them: VS Code knows name, description and schema before the extension is loaded. */
interface Manifest {
  readonly contributes: {
    readonly languageModelTools: readonly { readonly name: string; readonly displayName: string }[];
  };
}

/** The tools of `mesh-sim mcp` for the language models of the editor, over the Studio of this window. */
export function registerAssistantTools(container: Container): vscode.Disposable[] {
  const { contributes } = container.context.extension.packageJSON as Manifest;
  return contributes.languageModelTools.map(({ name, displayName }) =>
    vscode.lm.registerTool(name, new AssistantToolOfWindow(container, name, displayName)),
  );
}

export class AssistantToolOfWindow implements vscode.LanguageModelTool<unknown> {
  readonly #container: Pick<Container, 'host'>;
  readonly #name: string;
  readonly #title: string;

  constructor(container: Pick<Container, 'host'>, name: string, title: string) {
    this.#container = container;
    this.#name = name;
    this.#title = title;
  }

  /** What cannot begin is told the model at once: nobody is asked about it. */
  async prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<unknown>): Promise<vscode.PreparedToolInvocation> {
    const host = await this.#container.host();
    const consent = await host.consentTo(this.#name, input);
    return {
      invocationMessage: this.#title,
      ...(consent === undefined ? {} : { confirmationMessages: consent }),
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<unknown>,
    cancellation: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const controller = new AbortController();
    const subscription = cancellation.onCancellationRequested(() => controller.abort());
    try {
      const host = await this.#container.host();
      const text = await host.callTool(this.#name, input, controller.signal);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } finally {
      subscription.dispose();
    }
  }
}
