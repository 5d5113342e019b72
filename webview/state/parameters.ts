import { computed, signal } from '@preact/signals';
import { startRequestSchema } from '../../src/model/api.ts';
import type { StartRequest } from '../../src/model/api.ts';
import { MAX_REAL_NODES } from '../../src/model/plan.ts';

/** The next run's parameters as the form and the JSON show them; the same object for both. */
export const draft = signal<StartRequest>({
  params: { nodes: 5, latencyMs: [40, 180], packetLoss: 4, verifySignatures: true },
  seed: 1,
  chaos: { preset: 'none' },
  drift: [],
  topology: { kind: 'uniform' },
  deadlineMs: 60_000,
});

/** Why the draft cannot be started, in one sentence with the place; undefined: it can. */
export function refusalOf(request: StartRequest): string | undefined {
  const parsed = startRequestSchema.safeParse(request);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue === undefined) return 'The parameters are not valid.';
    const place = issue.path.join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  }
  const nodes = parsed.data.params?.nodes ?? 2;
  if (parsed.data.world === 'virtual' || nodes <= MAX_REAL_NODES) return undefined;
  return `params.nodes: a real run has 2 to ${MAX_REAL_NODES} nodes`;
}

export const draftRefusal = computed(() => refusalOf(draft.value));

export function setDraft(change: Partial<StartRequest>): void {
  draft.value = { ...draft.value, ...change };
}

export function setParams(change: NonNullable<StartRequest['params']>): void {
  setDraft({ params: { ...draft.value.params, ...change } });
}

/** Orders two thumbs: when one passes the other they swap, so the minimum is never above the maximum (ms). */
export function latencyRange(one: number, other: number): [number, number] {
  return [Math.min(one, other), Math.max(one, other)];
}

/** The draft a JSON text stands for, or the sentence that says why it is none. Unknown keys are errors. */
export function parseDraft(text: string): { draft: StartRequest } | { error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : 'This is not JSON.' };
  }
  const error = refusalOf(value as StartRequest);
  return error === undefined ? { draft: value as StartRequest } : { error };
}
