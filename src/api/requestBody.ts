import type { Context } from 'hono';
import type * as z from 'zod/mini';
import { MeshSimError } from '../base/errors.ts';
import { describeIssues } from '../studio/runs/planFile.ts';

/** Plans with 64 faults and custom links stay far below. */
export const MAX_JSON_BYTES = 1024 * 1024;

/**
 * The whole body, read no further than `limit` bytes whatever its headers say.
 * @throws MeshSimError `code` when it is longer
 */
export async function readBytes(
  context: Context,
  limit: number,
  code: 'body-too-large' | 'evidence-too-large',
): Promise<Uint8Array> {
  const tooLarge = new MeshSimError(code, `The body is larger than the ${limit} bytes allowed.`);
  if (Number(context.req.header('content-length') ?? 0) > limit) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | undefined = context.req.raw.body ?? undefined;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws MeshSimError `request-invalid` with every issue and its path, `body-too-large` */
export async function readJson<T extends z.ZodMiniType>(
  context: Context,
  schema: T,
): Promise<z.output<T>> {
  const bytes = await readBytes(context, MAX_JSON_BYTES, 'body-too-large');
  const parsed = schema.safeParse(parseJson(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new MeshSimError('request-invalid', `The request's body: ${describeIssues(parsed.error)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new MeshSimError('request-invalid', "The request's body is not JSON.");
  }
}
