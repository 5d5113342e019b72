import { signal } from '@preact/signals';
import { parameters, refusalOf, startRequest } from './parameters.ts';
import type { StudioState } from './studioState.ts';

/** Whether the next run keeps the headers of packets between services; no part of its plan. */
export const keepsPackets = signal(false);

/** Whether its nodes are held up once it is sealed; no part of its plan. */
export const holdsUp = signal(false);

/** Why the next run may not be started, one sentence; undefined: it may. */
export function refusalToRun(state: StudioState): string | undefined {
  if (state.refusal.value !== undefined) return state.refusal.value;
  if (state.capsuleHash.value === undefined) return 'Pack a Capsule first.';
  if (state.workspace.value?.held !== undefined) return 'End the run that is held up first.';
  if (parameters.value.upgrade?.from === state.capsuleHash.value) {
    return 'The upgrade starts from the very Capsule that is rolled out: choose another one.';
  }
  return refusalOf(parameters.value);
}

/** Starts the next run with the chosen Capsule and parameters, and shows it; nothing where that is refused. */
export function simulate(state: StudioState): void {
  const hash = state.capsuleHash.value;
  if (hash === undefined || refusalToRun(state) !== undefined) return;
  const capture = keepsPackets.value ? ({ capture: 'headers' } as const) : {};
  const hold = holdsUp.value ? { hold: true } : {};
  const request = { ...startRequest(hash), ...capture, ...hold };
  void state.attempt(async () => {
    state.openRun((await state.client.start(request)).simId);
  });
}
