import { parameters, refusalOf, startRequest } from './parameters.ts';
import type { StudioState } from './studioState.ts';

/** Why the next run may not be started, one sentence; undefined: it may. */
export function refusalToRun(state: StudioState): string | undefined {
  if (state.refusal.value !== undefined) return state.refusal.value;
  if (state.capsuleHash.value === undefined) return 'Pack a Capsule first.';
  return refusalOf(parameters.value);
}

/** Starts the next run with the chosen Capsule and parameters, and shows it; nothing where that is refused. */
export function simulate(state: StudioState): void {
  const hash = state.capsuleHash.value;
  if (hash === undefined || refusalToRun(state) !== undefined) return;
  void state.attempt(async () => {
    state.openRun((await state.client.start(startRequest(hash))).simId);
  });
}
