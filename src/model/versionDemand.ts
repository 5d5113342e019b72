/** One condition: `>=7`, `<8`, or `7.2`, which is any 7.2.x. */
const CONDITION = /^(>=|>|<=|<|=)?(\d{1,9}(?:\.\d{1,9}){0,2})$/;

/** The first `x.y` or `x.y.z` that a program says of itself; `x` alone where it says no other. */
const VERSION = /(?<![\d.])\d{1,9}(?:\.\d{1,9}){1,2}(?!\d)/;
const WHOLE_VERSION = /(?<![\d.\w])v?(\d{1,9})(?![\d.\w])/;

/** Conditions apart by spaces, all of which are to hold. */
export function isVersionDemand(text: string): boolean {
  return text !== '' && text.length <= 64 && text.split(' ').every((one) => CONDITION.test(one));
}

/** In what a program answers when it is asked for its version; undefined: there is none. */
export function versionIn(text: string): string | undefined {
  return VERSION.exec(text)?.[0] ?? WHOLE_VERSION.exec(text)?.[1];
}

/** A part that is not said is 0, but for what has no sign in front: that holds for whatever follows it. */
export function meetsVersion(version: string, demand: string): boolean {
  if (!/^\d{1,9}(\.\d{1,9}){0,2}$/.test(version)) return false;
  return demand.split(' ').every((condition) => {
    const [, sign = '=', wanted = ''] = CONDITION.exec(condition) ?? [];
    if (sign === '=') return `${version}.`.startsWith(`${wanted}.`);
    const order = compare(version, wanted);
    if (sign === '>=') return order >= 0;
    if (sign === '<=') return order <= 0;
    return sign === '>' ? order > 0 : order < 0;
  });
}

function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => text.split('.').map(Number));
  const at = [0, 1, 2].find((part) => (left?.[part] ?? 0) !== (right?.[part] ?? 0));
  return at === undefined ? 0 : (left?.[at] ?? 0) - (right?.[at] ?? 0);
}
