import path from 'node:path';
import type { Command } from 'commander';
import { htmlReport } from '../../reports/htmlReport.ts';
import { evidenceOf } from '../../studio/runs/evidenceView.ts';
import { findRun, readCapsimFile } from '../../studio/runs/runs.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { openWorkspace, printLine, type CommandContext } from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';
import { terminalText } from '../terminalText.ts';

interface ReportFlags {
  readonly workspace: string;
  readonly output?: string;
}

export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command('report <simId|file.capsim>')
    .summary('write verified evidence as one HTML page, to read and to print')
    .description(
      'Verifies the evidence of a run, or of a file from anywhere, and writes what holds as one HTML page\nthat carries the file along. Exit 1 when it does not verify, or its signer is not trusted here.',
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('-o, --output <file.html>', 'where to; default <simId>.html')
    .action((run: string, flags: ReportFlags) => report(context, run, flags));
}

async function report(context: CommandContext, run: string, flags: ReportFlags): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  const { name, capsim, evidence } = await (run.endsWith('.capsim') ? ofFile() : ofRun());
  const file = path.resolve(flags.output ?? `${name}.html`);
  const page = htmlReport({
    evidence,
    capsim,
    fileName: `${name}.capsim`,
    product: context.product,
  });
  await replaceFile(file, page);
  printLine(context, file);
  if (evidence.verdict === 'verified') return;
  context.stderr.write(`${terminalText(`mesh-sim: ${evidence.sentence}`)}\n`);
  process.exitCode = EXIT.fail;

  async function ofFile() {
    const bytes = await readCapsimFile(run);
    const name = path.basename(run, '.capsim');
    return { name, capsim: bytes, evidence: await evidenceOf(workspace, bytes) };
  }

  async function ofRun() {
    const { simId, capsim } = await findRun(workspace, run);
    return { name: simId, capsim, evidence: await evidenceOf(workspace, capsim, simId) };
  }
}
