import path from 'node:path';
import { systemClock } from '../base/clock.ts';
import { printableJson } from '../base/visibleText.ts';
import { configFolder } from '../signing/configFolder.ts';
import { Workspace } from '../studio/workspace/workspace.ts';
import { askedPassphrases } from './hiddenPrompt.ts';
import { paintFor, type Paint } from './paint.ts';
import { terminalText } from './terminalText.ts';

/** What every command is given: where to write, how to be stopped, and the workspace of its flags. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly bundleFolder: string;
  readonly product: string;
  readonly signal: AbortSignal;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function openWorkspace(context: CommandContext, folder: string): Workspace {
  const passphrases = askedPassphrases(context);
  return new Workspace({
    folder: path.resolve(folder),
    configFolder: configFolder(context.environment),
    bundleFolder: context.bundleFolder,
    environment: context.environment,
    clock: systemClock,
    product: context.product,
    ...(passphrases === undefined ? {} : { passphrases }),
  });
}

export function printLine(context: CommandContext, line: string): void {
  context.stdout.write(`${terminalText(line)}\n`);
}

export function printJson(context: CommandContext, value: unknown): void {
  printLine(context, printableJson(JSON.stringify(value)));
}

/** What is waited for, on stderr: what is on stdout is read by programs. */
export function sayWait(context: CommandContext, sentence: string): void {
  context.stderr.write(`${terminalText(`mesh-sim: ${sentence}`)}\n`);
}

/** Colours on a terminal, unless NO_COLOR is set; FORCE_COLOR paints pipes too. */
export function paintOf(context: CommandContext): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = context.environment;
  const wanted = context.stdout.isTTY && TERM !== 'dumb';
  return paintFor(!NO_COLOR && (wanted || Boolean(FORCE_COLOR)));
}
