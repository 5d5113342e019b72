import { once } from 'node:events';
import path from 'node:path';
import type { Command } from 'commander';
import { execa } from 'execa';
import { createApi } from '../../api/app.ts';
import { serveLoopback } from '../../api/loopback.ts';
import { MeshSimError } from '../../base/errors.ts';
import { Studio } from '../../studio/studio.ts';
import { openWorkspace, printLine, type CommandContext } from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';

interface StudioFlags {
  readonly workspace: string;
  readonly port?: string;
  readonly open?: boolean;
}

export function addStudioCommand(program: Command, context: CommandContext): void {
  program
    .command('studio')
    .summary('serve the API and the Studio page on this machine')
    .description(
      'Serves the Studio of a workspace on 127.0.0.1 until it is interrupted. The printed address holds a\ntoken that is made anew at every start: who has it may run what the registry names.',
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--port <number>', 'listen there (default: any free port)')
    .option('--open', 'open it in the browser')
    .action((flags: StudioFlags) => serve(context, flags));
}

async function serve(context: CommandContext, flags: StudioFlags): Promise<void> {
  const studio = new Studio(openWorkspace(context, flags.workspace));
  const api = createApi(studio, { refusal: () => undefined });
  const server = await serveLoopback(api, {
    pageFolder: path.join(context.bundleFolder, 'page'),
    port: portOf(flags.port),
  });
  printLine(context, server.url);
  if (flags.open === true) await openInBrowser(server.url);
  if (!context.signal.aborted) await once(context.signal, 'abort');
  await studio.dispose();
  await server.close();
  process.exitCode = EXIT.pass;
}

/** @throws MeshSimError `usage` */
function portOf(text = '0'): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new MeshSimError('usage', `--port ${text}: give a port from 1 to 65535.`);
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** @throws MeshSimError `usage` when this system has no way to open a browser */
async function openInBrowser(url: string): Promise<void> {
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const { failed } = await execa(program, [...args, url], { reject: false, stdio: 'ignore' });
  if (failed)
    throw new MeshSimError(
      'usage',
      `No browser could be opened with ${program}: open the address yourself.`,
    );
}
