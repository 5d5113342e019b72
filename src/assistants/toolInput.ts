import type * as z from 'zod/mini';
import { MeshSimError } from '../base/errors.ts';

/** What an assistant gave, checked. @throws MeshSimError `usage` naming what is wrong and where */
export function toolInput<T extends z.ZodMiniType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join('.') ?? '';
  throw new MeshSimError(
    'usage',
    `The input ${at === '' ? '' : `"${at}" `}is wrong: ${issue?.message ?? 'unreadable'}.`,
  );
}
