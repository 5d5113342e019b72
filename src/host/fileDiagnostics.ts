import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import type { FileProblem, Severity } from '../studio/workspace/fileProblem.ts';
import type { Container } from './container.ts';

/** While a person types; git is asked only for what is saved. */
const EDIT_PAUSE_MS = 300;

export type CheckedKind = 'registry' | 'plan' | 'environments' | 'hosts';

/** Which of these files a document is, or undefined. */
export function kindOf(
  container: Container,
  { uri }: vscode.TextDocument,
): CheckedKind | undefined {
  if (uri.scheme !== 'file') return undefined;
  if (uri.path.endsWith('.meshplan.json')) return 'plan';
  if (uri.path.endsWith('/mesh.environments.json')) return 'environments';
  if (uri.path.endsWith('/mesh.hosts.json')) return 'hosts';
  const isRegistry =
    uri.path.endsWith('/mesh.services.json') || uri.fsPath === container.registryUri().fsPath;
  return isRegistry ? 'registry' : undefined;
}

/** Marks in registries, plans, environments and hosts what their schemas cannot say, off the edit, the newest state only. */
export class FileDiagnostics {
  readonly #container: Container;
  readonly #collection = vscode.languages.createDiagnosticCollection('mesh-sim');
  readonly #checks = new Map<string, AbortController>();
  readonly #subscriptions: vscode.Disposable;

  constructor(container: Container) {
    this.#container = container;
    const { workspace } = vscode;
    this.#subscriptions = vscode.Disposable.from(
      workspace.onDidOpenTextDocument((document) => this.#check(document)),
      workspace.onDidSaveTextDocument((document) => this.#check(document)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#check(document, EDIT_PAUSE_MS);
      }),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      // Commits and Capsules come and go without the file being touched.
      container.onChange(() => this.#checkAll()),
    );
    this.#checkAll();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const check of this.#checks.values()) check.abort();
    this.#collection.dispose();
  }

  #checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#check(document);
  }

  #forget({ uri }: vscode.TextDocument): void {
    this.#checks.get(uri.toString())?.abort();
    this.#checks.delete(uri.toString());
    this.#collection.delete(uri);
  }

  #check(document: vscode.TextDocument, pauseMs = 0): void {
    const kind = kindOf(this.#container, document);
    if (kind === undefined) return;
    const key = document.uri.toString();
    this.#checks.get(key)?.abort();
    const controller = new AbortController();
    this.#checks.set(key, controller);
    const { signal } = controller;
    const timer = setTimeout(() => void this.#inspect(document, kind, signal), pauseMs);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  async #inspect(
    document: vscode.TextDocument,
    kind: CheckedKind,
    signal: AbortSignal,
  ): Promise<void> {
    const { version } = document;
    try {
      const problems = await this.#problemsOf(document, kind, signal);
      if (signal.aborted || document.version !== version) return;
      this.#collection.set(
        document.uri,
        problems.map((problem) => diagnosticOf(document, problem)),
      );
    } catch (error) {
      if (!signal.aborted) this.#container.log.error(`${document.uri.path}: ${messageOf(error)}`);
    }
  }

  async #problemsOf(
    document: vscode.TextDocument,
    kind: CheckedKind,
    signal: AbortSignal,
  ): Promise<FileProblem[]> {
    const host = await this.#container.host();
    const text = document.getText();
    if (kind === 'plan') return host.inspectPlan(text);
    if (kind === 'environments') return host.inspectEnvironments(text, document.uri.fsPath);
    if (kind === 'hosts') return host.inspectHosts(text);
    // A repository can make git run programs: not before the person trusts it.
    const asksGit = vscode.workspace.isTrusted && !document.isDirty;
    return host.inspectRegistry({ text, file: document.uri.fsPath, asksGit, signal });
  }
}

const SEVERITY: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
};

/** A problem with a whole object is marked on its first line only. */
function diagnosticOf(document: vscode.TextDocument, problem: FileProblem): vscode.Diagnostic {
  const start = document.positionAt(problem.offset);
  const end = document.positionAt(problem.offset + problem.length);
  const lineEnd = document.lineAt(start.line).range.end;
  const range = new vscode.Range(start, end.isBefore(lineEnd) ? end : lineEnd);
  const diagnostic = new vscode.Diagnostic(range, problem.sentence, SEVERITY[problem.severity]);
  diagnostic.source = 'Mesh-Sim';
  diagnostic.code = problem.code;
  return diagnostic;
}
