import type * as z from 'zod';

/** The first problem of a schema check as one clause: the JSON path, what is wrong there, and what would be right. */
export function schemaProblem(error: z.ZodError, value: unknown): string {
  const issue = deepest(error.issues[0]);
  if (issue === undefined) return 'it does not match the schema: see docs/registry.md';
  const where = jsonPath(issue.path);
  const found = valueAt(value, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `${where || 'the registry'} has the unknown key ${keys}: remove it, or check its spelling`;
  }
  if (found === undefined && issue.path.length > 0) return `${where} is missing: add it`;
  return `${where || 'the registry'} is ${shown(found)}, but ${sentence(issue.message)}`;
}

type Issue = z.core.$ZodIssue;

/** For a union, the branch that came closest: the one whose first problem lies deepest. */
function deepest(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const branches = issue.errors
    .map(([first]) => deepest(first))
    .filter((branch): branch is Issue => branch !== undefined && branch.path.length > 0)
    .filter((branch) => branch.code !== 'invalid_type' || branch.path.length > 1)
    .sort((a, b) => b.path.length - a.path.length);
  const [closest] = branches;
  return closest === undefined ? issue : { ...closest, path: [...issue.path, ...closest.path] };
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

function sentence(message: string): string {
  return message.startsWith('must')
    ? `it ${message}`
    : message.charAt(0).toLowerCase() + message.slice(1);
}
