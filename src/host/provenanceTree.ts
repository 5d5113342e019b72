import * as vscode from 'vscode';
import type { ProvenanceRun } from '../model/api.ts';
import type { Container } from './container.ts';
import { daysOf, rowOf, type TimelineDay } from './timelineTree.ts';

export type TreeElement = TimelineDay | ProvenanceRun;

/** The ledger in the side bar; asks anew whenever something changed. */
export class ProvenanceTree implements vscode.TreeDataProvider<TreeElement> {
  readonly #container: Container;
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(container: Container) {
    this.#container = container;
    this.onDidChangeTreeData = container.onChange;
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    if (element !== undefined) return 'day' in element ? [...element.runs] : [];
    try {
      return daysOf((await this.#container.requests.provenance()).runs);
    } catch (error) {
      void this.#container.showError(error);
      return [];
    }
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    if ('day' in element) {
      return new vscode.TreeItem(element.day, vscode.TreeItemCollapsibleState.Expanded);
    }
    const row = rowOf(element);
    const item = new vscode.TreeItem(row.label);
    item.id = element.runId;
    item.iconPath = new vscode.ThemeIcon(row.icon);
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.contextValue = row.contextValue;
    return item;
  }
}
