import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import { nodeIdSchema, serviceNameSchema } from '../../model/names.ts';
import { readServiceLogs, type LogLine } from '../../studio/runs/serviceLogs.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { seconds } from '../liveView.ts';

interface LogFlags {
  readonly workspace: string;
  readonly node?: string;
  readonly service?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

export function addLogsCommand(program: Command, context: CommandContext): void {
  program
    .command('logs <simId>')
    .summary('print what the services of a run said')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--node <id>', 'of this node alone, such as n2')
    .option('--service <name>', 'of this service alone')
    .option('--follow', 'go on until the run is over')
    .option('--json', 'print one JSON object per line')
    .action((simId: string, flags: LogFlags) => logs(context, simId, flags));
}

async function logs(context: CommandContext, run: string, flags: LogFlags): Promise<void> {
  const { node: nodeId, service, follow = false } = flags;
  if (nodeId !== undefined && !nodeIdSchema.safeParse(nodeId).success) {
    throw new MeshSimError('usage', `--node ${nodeId}: expected the id of a node, such as n2.`);
  }
  if (service !== undefined && !serviceNameSchema.safeParse(service).success) {
    throw new MeshSimError('usage', `--service ${service}: expected the name of a service.`);
  }
  const paint = paintOf(context);
  const print = (line: LogLine): void => {
    if (flags.json === true) {
      printJson(context, line);
      return;
    }
    const place = `${seconds(line.at).padStart(7)} s  ${line.nodeId} ${line.service ?? line.status}`;
    printLine(context, `${paint('dim', place)}  ${line.text}`);
  };
  const request = { run, nodeId, service, follow, signal: context.signal };
  const lines = await readServiceLogs(openWorkspace(context, flags.workspace), request, print);
  if (lines === 0) context.stderr.write('Nothing of that kind was said.\n');
}
