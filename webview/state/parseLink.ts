import type { Delay, LinkSettings, Loss } from '../../src/model/topology.ts';
import { listAt, numberAt, objectAt, oneOf, positiveAt } from './jsonParts.ts';

const MS = { min: 0, max: 60_000 };
const SHARE = { min: 0, max: 1 };
const SIGMA = { min: 0, max: 5 };
const QUANTILES = { min: 2, max: 1001 };
const STATES = ['up', 'blackhole', 'refused'] as const;

type Given = Readonly<Record<string, unknown>>;
/** What is said about one link. */
export type LinkPart = {
  -readonly [Part in keyof LinkSettings]?: Exclude<LinkSettings[Part], undefined>;
};

/** Keys of a link besides its ends. */
export const LINK_KEYS = [
  'delay',
  'loss',
  'rateBitsPerSecond',
  'queueBytes',
  'duplicate',
  'corrupt',
  'state',
] as const;

/** As linkSchema of model/topology.ts has it, all of it optional: what is left out comes from the plan. */
export function parseLink(given: Given, path: string): LinkPart {
  const link: LinkPart = {};
  const { delay, loss, rateBitsPerSecond, queueBytes, duplicate, corrupt, state } = given;
  if (delay !== undefined) link.delay = parseDelay(delay, `${path}.delay`);
  if (loss !== undefined) link.loss = parseLoss(loss, `${path}.loss`);
  if (rateBitsPerSecond !== undefined) {
    link.rateBitsPerSecond = positiveAt(rateBitsPerSecond, `${path}.rateBitsPerSecond`);
  }
  if (queueBytes !== undefined) {
    link.queueBytes = positiveAt(queueBytes, `${path}.queueBytes`, true);
  }
  if (duplicate !== undefined) link.duplicate = numberAt(duplicate, `${path}.duplicate`, SHARE);
  if (corrupt !== undefined) link.corrupt = numberAt(corrupt, `${path}.corrupt`, SHARE);
  if (state !== undefined) link.state = oneOf(STATES, state, `${path}.state`);
  return link;
}

const DELAYS = {
  uniform: ['minMs', 'maxMs'],
  constant: ['ms'],
  'log-normal': ['shiftMs', 'medianMs', 'sigma'],
  quantiles: ['ms'],
} as const satisfies Record<Delay['kind'], readonly string[]>;

/** @throws PartError */
export function parseDelay(value: unknown, path: string): Delay {
  const { kind, given } = kindAt(value, path, DELAYS);
  const ms = (key: string): number => numberAt(given[key], `${path}.${key}`, MS);
  switch (kind) {
    case 'uniform':
      return { kind, minMs: ms('minMs'), maxMs: ms('maxMs') };
    case 'constant':
      return { kind, ms: ms('ms') };
    case 'log-normal': {
      const sigma = numberAt(given.sigma, `${path}.sigma`, SIGMA);
      return { kind, shiftMs: ms('shiftMs'), medianMs: ms('medianMs'), sigma };
    }
    case 'quantiles': {
      const list = listAt(given.ms, `${path}.ms`, QUANTILES);
      return { kind, ms: list.map((one, index) => numberAt(one, `${path}.ms[${index}]`, MS)) };
    }
  }
}

const LOSSES = {
  bernoulli: ['p'],
  'gilbert-elliott': ['p', 'r', 'lossGood', 'lossBad'],
} as const satisfies Record<Loss['kind'], readonly string[]>;

/** @throws PartError */
export function parseLoss(value: unknown, path: string): Loss {
  const { kind, given } = kindAt(value, path, LOSSES);
  const share = (key: string): number => numberAt(given[key], `${path}.${key}`, SHARE);
  if (kind === 'bernoulli') return { kind, p: share('p') };
  const [lossGood, lossBad] = [share('lossGood'), share('lossBad')];
  return { kind, p: share('p'), r: share('r'), lossGood, lossBad };
}

/** An object that says which of a few kinds it is, and has the keys of that kind. */
function kindAt<Kind extends string>(
  value: unknown,
  path: string,
  keysOf: Readonly<Record<Kind, readonly string[]>>,
): { readonly kind: Kind; readonly given: Given } {
  const kinds = Object.keys(keysOf) as Kind[];
  const { kind: named } = objectAt(value, path, [
    'kind',
    ...Object.values<readonly string[]>(keysOf).flat(),
  ]);
  const kind = oneOf(kinds, named, `${path}.kind`);
  return { kind, given: objectAt(value, path, ['kind', ...keysOf[kind]]) };
}
