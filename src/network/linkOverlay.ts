import { changedSpec, type LinkChange } from '../model/linkChange.ts';
import { LinkModel } from './linkModel.ts';
import type { LinkTable } from './linkTable.ts';

interface Partition {
  readonly token: number;
  readonly from: ReadonlySet<number>;
  readonly to: ReadonlySet<number>;
  readonly oneWay: boolean;
}

/** What chaos has changed about the links of a table, for now. */
export class LinkOverlay {
  readonly #table: LinkTable;
  #partitions: Partition[] = [];
  #tokens = 0;
  readonly #changes = new Map<number, LinkChange>();
  readonly #factors = new Map<number, number>();
  readonly #corruptions = new Map<number, number>();
  /** Models of changed links, made when first used after a change. */
  readonly #models = new Map<number, LinkModel | undefined>();

  constructor(table: LinkTable) {
    this.#table = table;
  }

  partition(from: readonly number[], to: readonly number[], oneWay: boolean): number {
    this.#tokens += 1;
    this.#partitions.push({ token: this.#tokens, from: new Set(from), to: new Set(to), oneWay });
    return this.#tokens;
  }

  heal(token: number): void {
    this.#partitions = this.#partitions.filter((partition) => partition.token !== token);
  }

  degradeLink(from: number, to: number, change: LinkChange): void {
    const link = from * this.#table.nodes + to;
    this.#changes.set(link, { ...this.#changes.get(link), ...change });
    this.#models.clear();
  }

  slow(node: number, factor: number): void {
    this.#factors.set(node, factor);
    this.#models.clear();
  }

  corruptChunks(to: number, count: number): void {
    this.#corruptions.set(to, (this.#corruptions.get(to) ?? 0) + count);
  }

  /** True once for each of the datagrams that are still to be damaged on their way to `to`. */
  takeCorruption(to: number): boolean {
    if (this.#corruptions.size === 0) return false;
    const left = this.#corruptions.get(to) ?? 0;
    if (left === 0) return false;
    this.#corruptions.set(to, left - 1);
    return true;
  }

  isCut(from: number, to: number): boolean {
    if (this.#partitions.length === 0) return false;
    return this.#partitions.some(
      (cut) =>
        (cut.from.has(from) && cut.to.has(to)) ||
        (!cut.oneWay && cut.from.has(to) && cut.to.has(from)),
    );
  }

  modelOf(from: number, to: number): LinkModel | undefined {
    if (this.#changes.size === 0 && this.#factors.size === 0) return this.#table.modelOf(from, to);
    const link = from * this.#table.nodes + to;
    if (!this.#models.has(link)) this.#models.set(link, this.#changedModel(from, to));
    return this.#models.get(link);
  }

  #changedModel(from: number, to: number): LinkModel | undefined {
    const model = this.#table.modelOf(from, to);
    if (model === undefined) return undefined;
    const change = this.#changes.get(from * this.#table.nodes + to);
    const factor = (this.#factors.get(from) ?? 1) * (this.#factors.get(to) ?? 1);
    if (change === undefined && factor === 1) return model;
    return new LinkModel(changedSpec(model.spec, change ?? {}), model.seed, factor);
  }
}
