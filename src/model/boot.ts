import * as z from 'zod';

/** What a page is told in its HTML: the door it reaches the API by, and what to show first. Holds no secret. */
export const bootSchema = z.object({
  door: z.enum(['http', 'editor']),
  view: z.enum(['run', 'evidence', 'trust']).optional(),
  simId: z.string().optional(),
  /** True: shows the evidence file the editor has open, and nothing else. */
  document: z.boolean().optional(),
});

export type Boot = z.infer<typeof bootSchema>;
