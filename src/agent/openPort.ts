import { messageOf } from '../base/errors.ts';
import type { AgentCommand } from '../wire/control.ts';
import type { AgentReport } from '../wire/report.ts';
import type { NodeServices } from './nodeServices.ts';

/** Answers the wish for a port of this machine that leads to one of a service. */
export async function openPort(
  { id, ...wanted }: Extract<AgentCommand, { type: 'open-port' }>,
  services: Pick<NodeServices, 'openPort'> | undefined,
  nodeId: string,
): Promise<AgentReport> {
  try {
    const at = await services?.openPort(wanted);
    if (at !== undefined) return { type: 'port-opened', id, at };
    return { type: 'port-opened', id, problem: `${nodeId} has no services yet` };
  } catch (error) {
    return { type: 'port-opened', id, problem: messageOf(error) };
  }
}
