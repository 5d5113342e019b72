import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import type { HostSpec } from '../../src/model/hosts.ts';
import { answers, hasSshServer, setUpSshd } from './sshServer.ts';

export interface FarMachineOptions {
  readonly name: string;
  /** Of the way there and back, half of it each; 0: as fast as a way through one program is. */
  readonly roundTripMs: number;
  /** Its monotonic clock before that of this machine. */
  readonly aheadS: number;
}

export interface FarProgram {
  /** Its command line. */
  readonly command: string;
  /** Of nice(1). */
  readonly niceness: number;
}

export interface FarMachine {
  readonly spec: Extract<HostSpec, { kind: 'ssh' }>;
  /** What runs there beside its first process and its sshd. */
  programs(): Promise<FarProgram[]>;
  /** What runs have left there: folders of theirs, and programs, by their command lines. */
  left(): Promise<string[]>;
  /** From now on everything is lost on the way, and neither end is told. */
  cut(): void;
  stop(): Promise<void>;
}

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

const SSH_PORT = 22;
const at = (name: string) => path.join(import.meta.dirname, name);
const wayOf = (oneWayMs: number) => ['perl', at('farWay.pl'), String(oneWayMs)] as const;

/** Its own network, files, host name, processes and clock. */
function apart(aheadS: number): readonly string[] {
  const ahead = String(aheadS);
  return [
    ...['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...['--time', '--monotonic', ahead, '--boottime', ahead],
  ];
}

/** What `unshare` is told: that machine, its files and, once it is told of its network, this program. */
function machineOf(aheadS: number, name: string, folder: string, ...program: string[]): string[] {
  const { homedir } = userInfo();
  return [
    ...apart(aheadS),
    'sh',
    at('farMachine.sh'),
    name,
    folder,
    homedir,
    process.execPath,
    ...program,
  ];
}

/** Why there is none here; undefined: there is. */
export function farMachineHindrance(): string | undefined {
  if (!hasSshServer) return 'no sshd here, install openssh-server';
  if (process.getuid?.() !== 0) return 'machines of their own take root';
  const [perl, ...args] = wayOf(0);
  if (spawnSync(perl, args).status !== 0) return 'no perl with Time::HiRes, or no TUN devices here';
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-sim-'));
  try {
    // It ends once it is ready: nothing is said to it.
    const { status, stderr } = spawnSync('unshare', machineOf(7, 'probe', folder), { input: '' });
    return status === 0 ? undefined : `no machine of its own here: ${stderr.toString().trim()}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function start(program: string, args: readonly string[]): Program {
  return spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Rejects when it ends, with what it said on stderr. */
function endOf(program: Program): Promise<never> {
  let words = '';
  program.stderr.on('data', (bytes: Buffer) => (words += bytes.toString()));
  const over = once(program, 'close').then(() => {
    throw new Error(`${program.spawnargs.join(' ')} ended: ${words}`);
  });
  over.catch(() => undefined);
  return over;
}

/** The first that it says. @throws Error with its last words when it ends before */
async function saidBy(program: Program, over = endOf(program)): Promise<string> {
  const [line] = (await Promise.race([once(program.stdout, 'data'), over])) as [Buffer];
  return line.toString().trim();
}

async function end(program: Program): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const closed = once(program, 'close');
  program.stdin.end();
  await closed;
}

/** Two addresses of 198.18.0.0/15, which no real network has (RFC 2544), that go with this device alone. */
async function addressesOf(device: string): Promise<readonly [string, string]> {
  const index = Number(await readFile(`/sys/class/net/${device}/ifindex`, 'utf8'));
  const addressAt = (number: number) =>
    ['198', 18 + ((number >> 16) & 1), (number >> 8) & 255, number & 255].join('.');
  return [addressAt(2 * index), addressAt(2 * index + 1)];
}

/**
 * Another machine, as far as Linux can make one of this: a network of its own that a real way of that length leads to, a monotonic clock,
 * processes, a host name, a home and a /tmp of its own, and a real sshd. It ends with the process that set it up.
 */
export async function setUpFarMachine(
  parent: string,
  { name, roundTripMs, aheadS }: FarMachineOptions,
): Promise<FarMachine> {
  const folder = path.join(parent, name);
  await mkdir(folder, { recursive: true });
  const way = start(...split(wayOf(roundTripMs / 2)));
  let machine: Program | undefined;
  const stop = async () => {
    if (machine !== undefined) await end(machine);
    await end(way);
  };
  try {
    const [here = '', there = ''] = (await saidBy(way)).split(' ');
    const [address, itsAddress] = await addressesOf(here);
    const sshd = await setUpSshd(folder, itsAddress, { Port: SSH_PORT });
    machine = start('unshare', machineOf(aheadS, name, folder, ...sshd.command, '-D'));
    const over = endOf(machine);
    await saidBy(machine, over);
    const pid = String(machine.pid);
    await execa('ip', ['link', 'set', there, 'netns', pid]);
    await execa('ip', ['address', 'add', address, 'peer', itsAddress, 'dev', here]);
    await execa('ip', ['link', 'set', here, 'up']);
    machine.stdin.write(`${there} ${itsAddress} ${address}\n`);
    while (!(await Promise.race([answers(SSH_PORT, itsAddress), over]))) await setTimeout(50);
    return {
      spec: {
        kind: 'ssh',
        host: `root@${itsAddress}`,
        options: [...sshd.options],
        node: path.join(folder, 'node'),
        secrets: false,
      },
      programs: () => programsIn(pid),
      left: async () => [
        ...(await runsIn(folder)),
        ...(await programsIn(pid)).map(({ command }) => command),
      ],
      cut: () => way.kill('SIGUSR1'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function split([program = '', ...args]: readonly string[]): [string, string[]] {
  return [program, args];
}

async function runsIn(folder: string): Promise<string[]> {
  const runs = path.join(folder, 'home/.cache/mesh-sim/hosted/runs');
  return existsSync(runs) ? readdir(runs) : [];
}

/** See FarMachine. */
async function programsIn(pid: string): Promise<FarProgram[]> {
  const proc = `/proc/${pid}/root/proc`;
  const ids = (await readdir(proc)).filter((name) => /^\d+$/.test(name) && name !== '1');
  // Of one that has just ended, nothing can be read.
  const read = (id: string, file: string) =>
    readFile(`${proc}/${id}/${file}`, 'utf8').catch(() => '');
  const programs = await Promise.all(
    ids.map(async (id) => {
      const command = (await read(id, 'cmdline')).replaceAll('\0', ' ').trim();
      const stat = await read(id, 'stat');
      // The program's name stands in brackets, and may hold some itself (proc_pid_stat(5), field 19).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { command, niceness: Number(fields[16]) };
    }),
  );
  return programs.filter(({ command }) => command !== '' && !/^(\/\S*\/)?sshd[ :]/.test(command));
}
