import type { Access } from './access.ts';
import type { Delay, LinkSettings, Loss } from './topology.ts';

/** One-way delay of a whole way: of one distribution, or the sum of independent ones. */
export type WayDelay = Delay | { readonly kind: 'sum'; readonly parts: readonly Delay[] };
/** Loss of a whole way: of one kind, or a packet is lost that any of independent ones loses. */
export type WayLoss = Loss | { readonly kind: 'any'; readonly parts: readonly Loss[] };

/** The last miles at both ends of a directed link; undefined: that end has none. */
export interface LastMiles {
  readonly from: Access | undefined;
  readonly to: Access | undefined;
}

/** One directed link, from node to node: its path, with the last miles of its ends. */
export interface LinkSpec extends Omit<LinkSettings, 'delay' | 'loss'> {
  readonly delay: WayDelay;
  readonly loss: WayLoss;
  /** Their delays and losses are part of the link's; their rates are shared by all links of the node. */
  readonly lastMiles?: LastMiles | undefined;
}

/** What a plan or a fault says of a link's path; what it leaves out (or undefined) stays as it was. */
export type LinkChange = { readonly [K in keyof LinkSettings]?: LinkSettings[K] | undefined };

export function delayParts(delay: WayDelay): readonly Delay[] {
  return delay.kind === 'sum' ? delay.parts : [delay];
}

export function lossParts(loss: WayLoss): readonly Loss[] {
  return loss.kind === 'any' ? loss.parts : [loss];
}

/**
 * The way from one node to another over a path, in this order: the sender's last mile, the path, the receiver's last mile.
 * - Delays add up, each drawn on its own: one-way delay = D(path) + D(sender) + D(receiver).
 * - A packet arrives that none of the three loses: 1 − loss = (1 − path)(1 − sender)(1 − receiver). Each has its own bursts.
 * - Rates hold one after the other (network/linkQueues.ts): the sender's up, the path's, the receiver's down; a
 *   node's up is shared by all links that leave it, its down by all that enter it.
 */
export function withLastMiles(path: LinkSpec, lastMiles: LastMiles): LinkSpec {
  const { delay, loss } = path;
  return {
    ...path,
    delay: delayOver(delayParts(delay), lastMiles),
    loss: lossOver(lossParts(loss), lastMiles),
    lastMiles,
  };
}

function delayOver(path: readonly Delay[], { from, to }: LastMiles): WayDelay {
  const parts = [...path, ...defined(from?.delay), ...defined(to?.delay)];
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: 'sum', parts };
}

function lossOver(path: readonly Loss[], { from, to }: LastMiles): WayLoss {
  const parts = [...path, ...defined(from?.loss), ...defined(to?.loss)];
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: 'any', parts };
}

function defined<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** A link whose path has changed. The last miles of its ends are as they were, so they count on top of what is said here. */
export function changedSpec(spec: LinkSpec, change: LinkChange): LinkSpec {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const changed: LinkSpec = { ...spec, ...Object.fromEntries(given) };
  const { lastMiles } = spec;
  if (lastMiles === undefined) return changed;
  return {
    ...changed,
    ...(change.delay && { delay: delayOver([change.delay], lastMiles) }),
    ...(change.loss && { loss: lossOver([change.loss], lastMiles) }),
  };
}
