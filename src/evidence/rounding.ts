/** Finer than any clock here, and short enough that a signed number reads the same everywhere. */
const PER_MS = 1000;

/** The number with 3 decimals. */
export function round3(value: number): number {
  return Math.round(value * PER_MS) / PER_MS;
}

/** A copy in which every number has 3 decimals; counts stay as they are. */
export function roundedDeep<T>(value: T): T {
  if (typeof value === 'number') return round3(value) as T;
  if (Array.isArray(value)) return value.map((item) => roundedDeep<unknown>(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, roundedDeep<unknown>(item)]);
  return Object.fromEntries(entries) as T;
}
