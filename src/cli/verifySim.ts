import packageJson from '../../package.json' with { type: 'json' };
import { MeshSimError, messageOf } from '../base/errors.ts';
import { printable } from '../base/visibleText.ts';
import { verifyCapsim } from '../evidence/verify.ts';
import { readEvidenceFile, readVerifyInputs } from './verifyInputs.ts';
import { HELP, readInvocation } from './verifyOptions.ts';
import type { VerifyCommand } from './verifyOptions.ts';
import { paletteFor, printed, reportJson, reportText } from './verifyReport.ts';

const EXIT_USAGE = 2;

function hasColour(): boolean {
  return process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '';
}

async function run(command: VerifyCommand): Promise<number> {
  const { options, refusedLines } = await readVerifyInputs(command, process.env, Date.now());
  const report = verifyCapsim(await readEvidenceFile(command.file), options);
  const text = reportText(report, command.file, paletteFor(hasColour()));
  if (command.json) process.stdout.write(reportJson(report, command.file));
  else if (command.print === undefined) process.stdout.write(text);
  else {
    const wanted = printed(report, command.print);
    // What was asked for goes to stdout alone, so that it can be piped; why it is missing goes to stderr.
    if (wanted !== undefined) process.stdout.write(wanted);
    if (report.exitCode !== 0) process.stderr.write(text);
  }
  // A person who trusts the signer, in a line that is not taken, has to learn why.
  if (report.verdict === 'untrusted') {
    for (const sentence of refusedLines) process.stderr.write(`${printable(sentence)}\n`);
  }
  return report.exitCode;
}

async function main(args: readonly string[]): Promise<number> {
  const invocation = readInvocation(args);
  if (invocation === 'help' || invocation === 'version') {
    process.stdout.write(invocation === 'help' ? HELP : `${packageJson.version}\n`);
    return 0;
  }
  return run(invocation);
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    const sentence = error instanceof MeshSimError ? error.message : `Failed: ${messageOf(error)}`;
    process.stderr.write(`oai-verify-sim: ${printable(sentence)}\n`);
    process.exitCode = EXIT_USAGE;
  },
);
