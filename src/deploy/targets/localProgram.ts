import type { Command } from '../../model/registry.ts';
import type { CheckRunner } from '../healthChecks.ts';
import { runProgram, type Program } from '../runProgram.ts';
import { hookFacts, type HookFacts, type TargetContext } from './deployTarget.ts';

/** Secrets of simulations are for simulations. */
const WITHHELD = 'MESH_SIM_';

/** A command of the user's in a release on this machine: with the user's environment, the secrets of this one, and the facts. */
export function localProgram(
  context: TargetContext,
  command: Command,
  facts: HookFacts,
  { timeoutMs, signal }: Pick<Program, 'timeoutMs' | 'signal'>,
): Program {
  const { environment, env, secrets, onLine, redactor } = context;
  const own = Object.entries(env).filter(([name]) => !name.startsWith(WITHHELD));
  return {
    command,
    folder: facts.release,
    env: { ...Object.fromEntries([...own, ...secrets]), ...hookFacts(environment, facts) },
    timeoutMs,
    signal,
    onLine,
    redactor,
  };
}

export function localCheckRunner(
  context: TargetContext,
  facts: Pick<HookFacts, 'capsuleHash' | 'release'>,
): CheckRunner {
  const { action } = context;
  return (command, timeoutMs, signal) =>
    runProgram(localProgram(context, command, { action, ...facts }, { timeoutMs, signal }));
}
