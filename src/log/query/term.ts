import { FAULT_KINDS } from '../../model/faultKinds.ts';
import type { NodePhase } from '../../model/plan.ts';
import { FACT_KEYS, LINE_TYPES, type FactKey } from '../facts.ts';
import { LOG_LEVELS } from '../logRow.ts';
import type { Query } from './query.ts';
import { refuse } from './refuse.ts';
import { spanOf } from './times.ts';
import type { Token } from './tokens.ts';

/** By their names alone: their schemas would come with them into the page. */
const PHASES: Readonly<Record<NodePhase, true>> = {
  ...{ boot: true, verify: true, receive: true, start: true, healthy: true },
  ...{ stop: true, migrate: true },
};

/** Keys whose values are known: a wrong one would find nothing, and nobody would know why. */
const KNOWN: Readonly<Partial<Record<FactKey, readonly string[]>>> = {
  type: LINE_TYPES,
  phase: Object.keys(PHASES),
  fault: FAULT_KINDS,
  level: LOG_LEVELS,
};

/** A word, a text in quotes, or `key:value,value`. @throws MeshSimError `usage` */
export function termOf({ kind, text, key, column }: Token): Query {
  if (kind === 'quoted' && key === '') return { kind: 'text', text: text.toLowerCase() };
  const colon = text.indexOf(':');
  if (kind !== 'quoted' && colon < 0) return { kind: 'text', text: text.toLowerCase() };
  const [name, value] =
    kind === 'quoted' ? [key, text] : [text.slice(0, colon), text.slice(colon + 1)];
  if (name === 'at') return { kind: 'at', ...spanOf(value, column) };
  if (!isFactKey(name)) {
    const known = [...Object.keys(FACT_KEYS), 'at'].join(', ');
    return refuse(column, `"${name}" is no key: use one of ${known}, or put the text in quotes`);
  }
  const values = (kind === 'quoted' ? [value] : value.split(',')).map((one) => one.toLowerCase());
  if (values.includes('')) refuse(column, `"${name}:" is without a value`);
  const known = KNOWN[name]?.map((one) => one.toLowerCase());
  const wrong = values.find((one) => !one.includes('*') && known?.includes(one) === false);
  if (wrong !== undefined) {
    refuse(column, `"${wrong}" is no ${name}: it is one of ${(KNOWN[name] ?? []).join(', ')}`);
  }
  return { kind: 'fact', key: name, values };
}

function isFactKey(name: string): name is FactKey {
  return Object.hasOwn(FACT_KEYS, name);
}
