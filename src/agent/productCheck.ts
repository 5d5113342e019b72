import { messageOf } from '../base/errors.ts';
import type { AgentCommand } from '../wire/control.ts';
import type { AgentReport } from '../wire/report.ts';
import type { ProductUsers } from './productUsers.ts';
import type { HeldCapsule } from './serviceSet.ts';

/** Answers the wish for a check of the product, from the Capsule that the node holds whether it runs it or not. */
export async function answerCheck(
  { id, check: index, window, wave }: Extract<AgentCommand, { type: 'check' }>,
  held: HeldCapsule | undefined,
  users: Pick<ProductUsers, 'check'> | undefined,
): Promise<AgentReport> {
  const check = held?.capsule.manifest.checks?.[index];
  if (held === undefined || check === undefined || users === undefined) {
    return { type: 'checked', id, problem: 'its node does not hold its content.' };
  }
  const env = { MESH_SIM_WINDOW: window, MESH_SIM_WAVE: String(wave) };
  const problem = await users.check(held, check, env);
  return { type: 'checked', id, ...(problem === undefined ? {} : { problem }) };
}

/** Resolves when the workload of the Capsule has ended. */
export async function runWorkload(
  held: HeldCapsule | undefined,
  users: Pick<ProductUsers, 'runWorkload'> | undefined,
): Promise<AgentReport> {
  const type = 'workload-ended';
  if (held === undefined || users === undefined) {
    return { type, problem: 'could not be started: its node does not hold its content.' };
  }
  try {
    const problem = await users.runWorkload(held);
    return { type, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    return { type, problem: `could not be started: ${messageOf(error)}` };
  }
}
