import { changedSpec, type LinkChange } from '../model/linkSpec.ts';
import { LinkModel } from './linkModel.ts';
import type { LinkTable } from './linkTable.ts';

interface Partition {
  readonly fault: number;
  readonly from: ReadonlySet<number>;
  readonly to: ReadonlySet<number>;
  readonly oneWay: boolean;
}

/** A fault that changes links for good. Of two that say something of the same property, the later one holds. */
type Layer =
  | { readonly fault: number; readonly link: number; readonly change: LinkChange }
  | { readonly fault: number; readonly node: number; readonly factor: number };

/** A link as faults have left it, and as it would be if one of them had not fired. */
export interface ChangedLink {
  readonly model: LinkModel;
  readonly without: readonly { readonly fault: number; readonly model: LinkModel }[];
}

/** What chaos has changed about the links of a table, for now. `fault` is the index in the schedule. */
export class LinkOverlay {
  readonly #table: LinkTable;
  #partitions: Partition[] = [];
  #layers: Layer[] = [];
  /** By node, chunks still to be damaged on their way to it, in order of their faults. */
  readonly #corruptions = new Map<number, { readonly fault: number; left: number }[]>();
  /** Changed links, made when first used after a change; null: the link is the table's. */
  readonly #changed = new Map<number, ChangedLink | null>();

  constructor(table: LinkTable) {
    this.#table = table;
  }

  partition(fault: number, from: readonly number[], to: readonly number[], oneWay: boolean): void {
    this.#partitions.push({ fault, from: new Set(from), to: new Set(to), oneWay });
  }

  heal(fault: number): void {
    this.#partitions = this.#partitions.filter((partition) => partition.fault !== fault);
  }

  degradeLink(fault: number, from: number, to: number, change: LinkChange): void {
    this.#lay({ fault, link: from * this.#table.nodes + to, change });
  }

  slow(fault: number, node: number, factor: number): void {
    this.#lay({ fault, node, factor });
  }

  /** What holds from packet 0 on is applied before the run begins, and fires again when it has begun. */
  #lay(layer: Layer): void {
    if (this.#layers.some(({ fault }) => fault === layer.fault)) return;
    this.#layers.push(layer);
    this.#changed.clear();
  }

  corruptChunks(fault: number, to: number, count: number): void {
    const waiting = this.#corruptions.get(to) ?? [];
    this.#corruptions.set(to, [...waiting, { fault, left: count }]);
  }

  /** The fault that damages this datagram on its way to `to`; undefined: none does. */
  takeCorruption(to: number): number | undefined {
    if (this.#corruptions.size === 0) return undefined;
    const next = this.#corruptions.get(to)?.find(({ left }) => left > 0);
    if (next === undefined) return undefined;
    next.left -= 1;
    return next.fault;
  }

  /** The partitions that cut this link. */
  cutsOf(from: number, to: number): readonly number[] {
    if (this.#partitions.length === 0) return NONE;
    return this.#partitions
      .filter(
        (cut) =>
          (cut.from.has(from) && cut.to.has(to)) ||
          (!cut.oneWay && cut.from.has(to) && cut.to.has(from)),
      )
      .map(({ fault }) => fault);
  }

  modelOf(from: number, to: number): LinkModel | undefined {
    return this.changedLink(from, to)?.model ?? this.#table.modelOf(from, to);
  }

  /** Undefined: no fault has changed this link. */
  changedLink(from: number, to: number): ChangedLink | undefined {
    if (this.#layers.length === 0) return undefined;
    const link = from * this.#table.nodes + to;
    let changed = this.#changed.get(link);
    if (changed === undefined) {
      changed = this.#change(from, to);
      this.#changed.set(link, changed);
    }
    return changed ?? undefined;
  }

  #change(from: number, to: number): ChangedLink | null {
    const model = this.#table.modelOf(from, to);
    if (model === undefined) return null;
    const link = from * this.#table.nodes + to;
    const layers = this.#layers.filter((layer) =>
      'link' in layer ? layer.link === link : layer.node === from || layer.node === to,
    );
    if (layers.length === 0) return null;
    const without = layers.map(({ fault }) => {
      const others = layers.filter((layer) => layer.fault !== fault);
      return { fault, model: changedModel(model, others) };
    });
    return { model: changedModel(model, layers), without };
  }
}

const NONE: readonly number[] = [];

function changedModel(model: LinkModel, layers: readonly Layer[]): LinkModel {
  let { spec } = model;
  const factors = new Map<number, number>();
  for (const layer of layers) {
    if ('link' in layer) spec = changedSpec(spec, layer.change);
    else factors.set(layer.node, layer.factor);
  }
  const factor = [...factors.values()].reduce((product, value) => product * value, 1);
  return new LinkModel(spec, model.seed, factor);
}
