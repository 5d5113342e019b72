import { isRecord, textOf, type Values } from '../sources/values.ts';

/** Lists that grow where one file adds to another; any other list is replaced. */
const GROWING = new Set([
  ...['ports', 'expose', 'volumes', 'devices', 'tmpfs', 'dns', 'dns_search', 'cap_add', 'cap_drop'],
  ...['env_file', 'secrets', 'configs', 'external_links', 'profiles', 'security_opt'],
]);
/** Written as a list or as a mapping, and merged by name. */
const NAMED = new Set([
  'environment',
  'labels',
  'depends_on',
  'extra_hosts',
  'args',
  'annotations',
]);

/** Compose's rules for what one description of a service adds to another. */
export function mergedService(base: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] = mergedValue(key, merged[key], value);
  return merged;
}

function mergedValue(key: string, base: unknown, over: unknown): unknown {
  if (base === undefined || base === null) return over;
  if (NAMED.has(key)) return { ...namedValues(base), ...namedValues(over) };
  if (GROWING.has(key)) {
    const lists = [base, over].map(
      (value) => (Array.isArray(value) ? value : [value]) as unknown[],
    );
    return lists.flat();
  }
  if (isRecord(base) && isRecord(over)) return mergedService(base, over);
  if (key === 'build' && typeof base === 'string' && isRecord(over))
    return { context: base, ...over };
  return over;
}

/** `["NAME=value", "NAME"]` or a mapping; a name alone has the value null, and `depends_on: [db]` an empty condition. */
export function namedValues(value: unknown): Values {
  if (isRecord(value)) return value;
  if (!Array.isArray(value)) return {};
  return Object.fromEntries(
    value.flatMap((entry) => {
      const text = textOf(entry);
      if (text === undefined) return [];
      const [, name = text, given] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
      return [[name, given ?? null]];
    }),
  );
}
