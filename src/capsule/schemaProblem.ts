import type * as z from 'zod/mini';

/** The first problem of a schema check as one clause: the JSON path, what is wrong there, and what to do. */
export function schemaProblem(error: z.core.$ZodError, value: unknown): string {
  const [first] = error.issues;
  if (first === undefined) return 'it does not match the schema: see docs/registry.md';
  return issueProblem(first, value, 'the registry');
}

/** One problem as such a clause. `whole`: what the value is called. */
export function issueProblem(problem: Issue, value: unknown, whole: string): string {
  const issue = closest(problem, value);
  const where = jsonPath(issue.path) || whole;
  const found = valueAt(value, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `${where} has the unknown key ${keys}: remove it, or check its spelling`;
  }
  if (issue.code === 'invalid_key') {
    return `${where} is a name that ${issue.issues[0]?.message ?? 'is not allowed'}: rename it`;
  }
  if (found === undefined && issue.path.length > 0) return `${where} is missing: add it`;
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return `${where} is ${shown(found)} (${message}): correct it`;
}

type Issue = z.core.$ZodIssue;

/**
 * For a union, the problem inside the branch the value was meant for, if one can be told: the one that knows most of its keys,
 * else where something is, but wrong.
 */
function closest(issue: Issue, value: unknown): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const fewest = Math.min(...issue.errors.map(strangers));
  const meant = issue.errors.filter((branch) => strangers(branch) === fewest);
  const [only, ...others] = meant;
  if (others.length === 0 && only?.[0] !== undefined) {
    return closest({ ...only[0], path: [...issue.path, ...only[0].path] }, value);
  }
  const inside = meant
    .flatMap(([first]) => (first === undefined ? [] : [first]))
    .map((first): Issue => ({ ...first, path: [...issue.path, ...first.path] }))
    .filter(({ path }) => path.length > issue.path.length && valueAt(value, path) !== undefined)
    .sort((a, b) => b.path.length - a.path.length);
  const [best] = inside;
  return best === undefined ? issue : closest(best, value);
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** How many keys of the value this branch does not know. */
function strangers(branch: readonly Issue[]): number {
  return branch
    .filter(({ path }) => path.length === 0)
    .reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}
