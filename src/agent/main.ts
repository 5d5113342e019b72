import { flushCompileCache } from 'node:module';
import { messageOf } from '../base/errors.ts';
import { hearLines } from '../base/hearLines.ts';
import { outliveFileSizeLimit } from '../base/machineFault.ts';
import { runRedactor } from '../vault/proxyVariables.ts';
import type { Redactor } from '../vault/redactor.ts';
import { brokenBy } from './broken.ts';
import type { LaunchCommand } from '../wire/control.ts';
import { readCommand } from '../wire/readCommand.ts';
import { endWithEverything } from './ending.ts';
import { NodeAgent } from './nodeAgent.ts';
import { NodeProcesses } from './nodeProcesses.ts';
import type { AgentReport } from '../wire/report.ts';

/** The agent: one program that reads commands on stdin and writes reports on stdout. */
let agent: NodeAgent | undefined;
let launch: LaunchCommand | undefined;
let processes: NodeProcesses | undefined;
let redactor: Redactor | undefined;

let isCorked = false;

/** Reports of one turn of the event loop leave together: each that leaves wakes the orchestrator. */
function report(message: AgentReport): void {
  if (!isCorked) {
    isCorked = true;
    process.stdout.cork();
    setImmediate(sendReports);
  }
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function sendReports(): void {
  if (isCorked) process.stdout.uncork();
  isCorked = false;
}

async function obey(line: string): Promise<void> {
  const command = readCommand(line);
  if (command.type === 'launch') {
    launch = command;
    redactor = runRedactor(
      new Map(Object.entries(command.services.secrets)),
      command.services.proxy,
    );
    processes = new NodeProcesses(command.folder, redactor, ({ service, name }) =>
      report({ type: 'outliving', service, details: name }),
    );
    agent = new NodeAgent(command, { redactor, processes, report });
    await agent.start();
    // Killed agents never reach the exit at which Node.js would keep the compiled code.
    flushCompileCache();
  } else if (agent !== undefined && !(await agent.command(command))) {
    process.stdout.end(() => endWithEverything(undefined));
  }
}

/**
 * A fault of the agent itself: said once on stderr, which the orchestrator reads, then everything ends. A command that
 * could not even be read may hold secrets, so nothing of it is quoted.
 */
function giveUp(error: unknown): never {
  const broken = brokenBy(error, launch);
  if (broken !== undefined) report(redactor?.message(broken) ?? broken);
  const sentence = redactor?.text(messageOf(error)) ?? 'could not read its first command';
  sendReports();
  process.stderr.write(`${sentence}\n`);
  return endWithEverything(processes);
}

outliveFileSizeLimit();
process.on('uncaughtException', giveUp);
process.on('unhandledRejection', giveUp);
// The orchestrator is gone: nobody would read what is written, and nobody would end this node.
process.stdout.on('error', () => endWithEverything(processes));
process.stdin.on('close', () => endWithEverything(processes));

report({ type: 'started' });
hearLines(process.stdin, (line) => void obey(line).catch(giveUp));
process.stdin.on('end', () => endWithEverything(processes));
