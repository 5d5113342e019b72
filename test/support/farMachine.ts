import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import type { HostSpec } from '../../src/model/hosts.ts';
import { hasSshServer, setUpSshd } from './sshServer.ts';

export interface FarMachineOptions {
  readonly name: string;
  /** Of the way there, and of the way back. */
  readonly delayMs: number;
  /** Its monotonic clock before that of this machine. */
  readonly aheadS: number;
}

export interface FarMachine {
  readonly spec: Extract<HostSpec, { kind: 'ssh' }>;
  left(): Promise<string[]>;
}

function inNamespaces(aheadS: number, command: string): string[] {
  const apart = ['--net', '--fork', '--time', '--monotonic', String(aheadS)];
  return ['unshare', ...apart, 'sh', '-c', `ip link set lo up && exec ${command}`];
}

/** Why there is none here; undefined: there is. */
export function farMachineHindrance(): string | undefined {
  if (!hasSshServer) return 'no sshd here, install openssh-server';
  if (process.getuid?.() !== 0) return 'clocks of their own take root';
  const [program = '', ...args] = inNamespaces(7, 'true');
  const { status } = spawnSync(program, args);
  return status === 0 ? undefined : 'unshare gives no network and clock of their own here';
}

/**
 * A machine that is a real way apart: a network and a monotonic clock of its own (network and time namespaces), and a real sshd, which ssh
 * reaches by a program that delays what passes. Every connection gets an sshd of its own, so nothing of it stays.
 */
export async function setUpFarMachine(
  folder: string,
  { name, delayMs, aheadS }: FarMachineOptions,
): Promise<FarMachine> {
  const home = path.join(folder, name);
  const { command, options } = await setUpSshd(home, name, {});
  const sshd = inNamespaces(aheadS, [...command, '-i'].join(' '));
  const delayed = [
    process.execPath,
    path.join(import.meta.dirname, 'delayedPipe.ts'),
    String(delayMs),
  ];
  const proxy = [...delayed, ...sshd].map((word) => `'${word}'`).join(' ');
  const runs = path.join(home, '.cache/mesh-sim/hosted/runs');
  return {
    spec: {
      kind: 'ssh',
      host: `root@${name}`,
      options: [...options, `ProxyCommand=${proxy}`],
      node: process.execPath,
      secrets: false,
    },
    left: async () => (existsSync(runs) ? readdir(runs) : []),
  };
}
