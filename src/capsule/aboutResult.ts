import path from 'node:path';
import * as z from 'zod/mini';
import { readRegularText } from '../base/regularFile.ts';

/** In the folder of a kept result. */
export const ABOUT_RESULT = 'about.json';

/** What is known of a kept result beside its files. */
const aboutSchema = z.object({
  service: z.string(),
  /** Of its files. */
  bytes: z.number(),
  /** ISO 8601. */
  builtAt: z.string(),
});

export type AboutResult = z.infer<typeof aboutSchema>;

/** What is known of a kept result; undefined: it was kept before that was written, or is damaged. */
export async function aboutResult(result: string): Promise<AboutResult | undefined> {
  try {
    return aboutSchema.parse(JSON.parse(await readRegularText(path.join(result, ABOUT_RESULT))));
  } catch {
    return undefined;
  }
}
