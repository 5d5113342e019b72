import * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import { LoadedValue } from '../base/loadedValue.ts';
import type { ProvenancePage } from '../model/provenanceApi.ts';
import type { Container } from './container.ts';
import {
  brokenRow,
  elementsOf,
  OLDER_ROW,
  rowOf,
  type TimelineElement,
  type TimelineRow,
} from './timelineTree.ts';
import { updateContext } from './workspaceWatch.ts';

/**
 * The ledger in the side bar; asks anew whenever something changed. The editor forgets all rows when it is told of a change, and a command of
 * a row's menu would get no row: so it is told when the new rows are here, and only where they differ.
 */
export class ProvenanceTree implements vscode.TreeDataProvider<TimelineElement>, vscode.Disposable {
  readonly #container: Container;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #rows = new LoadedValue<TimelineElement[]>({
    load: () => this.#load(),
    onChange: () => this.#changed.fire(),
  });
  readonly #subscription: vscode.Disposable;
  #pages = 1;

  constructor(container: Container) {
    this.#container = container;
    this.#subscription = container.onChange(() => this.askAgain());
  }

  /** A file that is altered appends nothing to the ledger, so nothing else would have its row drawn anew. */
  askAgain(): void {
    void this.#rows.refresh();
  }

  showOlder(): void {
    this.#pages += 1;
    this.askAgain();
  }

  async getChildren(element?: TimelineElement): Promise<TimelineElement[]> {
    if (element === undefined) return this.#rows.get();
    return 'runs' in element ? [...element.runs] : [];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  getTreeItem(element: TimelineElement): vscode.TreeItem {
    if ('runs' in element) {
      return new vscode.TreeItem(element.day, vscode.TreeItemCollapsibleState.Expanded);
    }
    if ('runId' in element) {
      const item = itemOf(rowOf(element));
      item.id = element.runId;
      return item;
    }
    if (element.kind === 'broken') return itemOf(brokenRow(element));
    const item = itemOf(OLDER_ROW);
    item.command = { title: OLDER_ROW.label, command: 'meshSim.loadMoreProvenance' };
    return item;
  }

  async #load(): Promise<TimelineElement[]> {
    try {
      const pages = await this.#readPages();
      const elements = elementsOf(pages, new Date());
      await updateContext(this.#container, elements.length === 0);
      return elements;
    } catch (error) {
      // A row, not a notification: it would come again with every refresh.
      this.#container.log.error(error instanceof Error ? error : messageOf(error));
      return [{ kind: 'broken', sentence: messageOf(error) }];
    }
  }

  async #readPages(): Promise<ProvenancePage[]> {
    const pages = [await this.#container.requests.provenance()];
    while (pages.length < this.#pages) {
      const next = pages.at(-1)?.next;
      if (next === undefined) break;
      pages.push(await this.#container.requests.provenance(next));
    }
    return pages;
  }
}

function itemOf(row: TimelineRow): vscode.TreeItem {
  const color = row.color === undefined ? undefined : new vscode.ThemeColor(row.color);
  const item = new vscode.TreeItem(row.label);
  item.iconPath = new vscode.ThemeIcon(row.icon, color);
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = row.contextValue;
  // Left to itself, the editor would read the tooltip alone.
  item.accessibilityInformation = { label: `${row.label}, ${row.spoken ?? row.description}` };
  return item;
}
