import { execFile } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { findDeniedAddresses } from '../../src/agent/guard/deniedAddresses.ts';
import type { Box } from '../../src/agent/box/box.ts';
import { openNodeBox } from '../../src/agent/box/nodeBox.ts';
import { DIST } from './commandLine.ts';

export interface NamesOrder {
  readonly folder: string;
  readonly deny: readonly string[];
  /** Questions, each of some shell commands; `$PORT` is one of an echo server on this machine's loopback interface. */
  readonly questions: Readonly<Record<string, readonly string[]>>;
}

/** What came of one question. */
export interface NamesAnswer {
  /** What each command printed, stderr included. */
  readonly said: readonly string[];
  readonly denied: readonly string[];
}

export interface NamesOutcome {
  readonly unavailable?: string;
  readonly mountsMissing?: string | undefined;
  readonly owners?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, NamesAnswer>>;
}

/** A node's box on a machine whose name files its parent has replaced: an order on stdin, the outcome on stdout. */
const { folder, deny, questions } = JSON.parse(await text(process.stdin)) as NamesOrder;
const server = net.createServer((socket) => socket.end('hello\n')).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as net.AddressInfo;
const { owners } = await findDeniedAddresses(deny, { nameServers: ['127.0.0.1:1'] });
let denied: string[] = [];
const opened = await openNodeBox({
  door: path.join(DIST, 'door.cjs'),
  index: 0,
  meshAddresses: () => undefined,
  folder,
  cover: [],
  deny,
  owners: new Map(Object.entries(owners)),
  ports: [443, port],
  onDenied: (_service, { host, port: at, address }) =>
    denied.push([host, at, address].filter((one) => one !== undefined).join(' ')),
});

/** A command ends after its attempts are noted: they are refused only then. */
async function inside(box: Box): Promise<Record<string, NamesAnswer>> {
  const answers: Record<string, NamesAnswer> = {};
  for (const [question, commands] of Object.entries(questions)) {
    denied = [];
    const said: string[] = [];
    for (const command of commands) said.push(await run(box, command));
    answers[question] = { said, denied };
  }
  return answers;
}

function run(box: Box, command: string): Promise<string> {
  const { file, args } = box.commandInside('/bin/bash', ['-c', `exec 2>&1; ${command}`], folder);
  const env = { PATH: process.env.PATH ?? '', PORT: String(port) };
  return new Promise((resolve) => {
    execFile(file, args, { cwd: folder, env }, (_error, stdout) => resolve(stdout.trim()));
  });
}

const outcome: NamesOutcome =
  'unavailable' in opened
    ? { unavailable: opened.unavailable, answers: {} }
    : {
        mountsMissing: opened.box.mountsMissing,
        owners,
        answers: await inside(opened.box),
      };
if (!('unavailable' in opened)) await opened.close();
server.close();
console.log(JSON.stringify(outcome));
