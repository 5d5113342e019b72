import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EnvironmentState } from '../../../src/model/deployApi.ts';
import { problemOf } from '../../state/problem.ts';
import type { StudioState } from '../../state/studioState.ts';

export interface Environments {
  readonly list: readonly EnvironmentState[];
  /** Why they cannot be told; empty where they can. */
  readonly problem: string;
}

/** What every gate says of a Capsule, asked anew whenever the ledger may have changed. Undefined: not told yet. */
export function useEnvironments(
  state: StudioState,
  capsuleHash: string | undefined,
): Environments | undefined {
  const answer = useSignal<(Environments & { readonly of: string }) | undefined>(undefined);
  const page = state.page.value;
  const hasEnvironments = state.workspace.value?.hasEnvironments === true;
  useEffect(() => {
    if (capsuleHash === undefined || !hasEnvironments) return undefined;
    let isWanted = true;
    const tell = (list: readonly EnvironmentState[], problem: string): void => {
      if (isWanted) answer.value = { of: capsuleHash, list, problem };
    };
    state.client.environments(capsuleHash).then(
      (list) => {
        tell(list, '');
      },
      (error: unknown) => {
        tell([], problemOf(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [page, capsuleHash, hasEnvironments]);
  return answer.value?.of === capsuleHash ? answer.value : undefined;
}

/** The chosen one; else the first of production, since that is the one that asks most. */
export function environmentIn(
  list: readonly EnvironmentState[],
  chosen: string | undefined,
): EnvironmentState | undefined {
  const named = list.find(({ name }) => name === chosen);
  return named ?? list.find(({ production }) => production) ?? list[0];
}
