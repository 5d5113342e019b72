import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { ASSISTANT_TOOLS } from '../../assistants/tools.ts';
import { Studio } from '../../studio/studio.ts';
import { openWorkspace, type CommandContext } from '../commandContext.ts';

interface McpFlags {
  readonly workspace: string;
  readonly allowRun?: boolean;
}

export function addMcpCommand(program: Command, context: CommandContext): void {
  program
    .command('mcp')
    .summary('serve this workspace to an assistant over MCP, on standard input and output')
    .description(
      'Lists runs, explains failures and says what a gate would say. It reads only, unless --allow-run is given:\nthen an assistant may rehearse Capsules, which runs what the registry names.',
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--allow-run', 'let it rehearse too')
    .action((flags: McpFlags) => serve(context, flags));
}

async function serve(context: CommandContext, flags: McpFlags): Promise<void> {
  const studio = new Studio(openWorkspace(context, flags.workspace));
  const tools = ASSISTANT_TOOLS.filter(({ isReadOnly }) => isReadOnly || flags.allowRun === true);
  // Loaded on first need: no other command pays for it.
  const { serveStdio } = await import('../../mcp/serveStdio.ts');
  const served = tools.map((tool) => ({
    ...tool,
    call: (input: unknown, signal: AbortSignal) => tool.run(studio, input, signal),
  }));
  await serveStdio(served, { version: packageJson.version, signal: context.signal });
  await studio.dispose();
}
