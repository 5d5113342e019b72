import type { Change } from '../../model/runComparison.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Where two JSON values differ, by path from `at`: an object key by key, a list of objects place by place. A list of plain
 * values is one value: [40, 180] is a range, not two numbers.
 */
export function changesBetween(a: unknown, b: unknown, at = ''): Change[] {
  if (isFields(a) && isFields(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => changesBetween(own(a, key), own(b, key), pathTo(at, key)));
  }
  if (isList(a) && isList(b) && [...a, ...b].some(isFields)) {
    const places = Array.from({ length: Math.max(a.length, b.length) }, (_, place) => place);
    return places.flatMap((place) => changesBetween(a[place], b[place], `${at}[${place}]`));
  }
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  return [{ path: at, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }];
}

/** A plan may name a service as a property of every object is called. */
function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function pathTo(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
