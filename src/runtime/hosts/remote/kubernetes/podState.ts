import * as z from 'zod/mini';

const text = z.optional(z.string());

const stateSchema = z.optional(
  z.object({
    waiting: z.optional(z.object({ reason: text, message: text })),
    terminated: z.optional(
      z.object({ reason: text, message: text, exitCode: z.optional(z.number()) }),
    ),
  }),
);

/** What a cluster says of a Pod, as far as it is read here. Whatever else is in it is ignored. */
const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: text,
    deletionTimestamp: z.optional(z.nullable(z.string())),
  }),
  status: z._default(
    z.object({
      phase: text,
      reason: text,
      message: text,
      conditions: z.optional(
        z.array(z.object({ type: z.string(), status: z.string(), reason: text, message: text })),
      ),
      containerStatuses: z.optional(
        z.array(z.object({ name: z.string(), imageID: text, state: stateSchema })),
      ),
    }),
    {},
  ),
});
export type PodState = z.infer<typeof podSchema>;

const listSchema = z.object({ items: z.array(podSchema) });

/** Undefined: it is no Pod. */
export function readPod(json: string): PodState | undefined {
  return read(json, podSchema);
}

/** Undefined: it is no list of Pods. */
export function readPods(json: string): readonly PodState[] | undefined {
  return read(json, listSchema)?.items;
}

function read<T>(json: string, schema: z.ZodMiniType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** Of the one container that a node lives in. */
export function containerOf({ status }: PodState, name: string) {
  return status.containerStatuses?.find((one) => one.name === name);
}

export function hasEnded({ status: { phase } }: PodState): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
