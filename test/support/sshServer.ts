import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { userInfo } from 'node:os';
import { execa } from 'execa';
import { freePort } from './freePort.ts';
import { firstProgram } from './firstProgram.ts';

export interface SshServer {
  readonly host: string;
  readonly port: number;
  /** For `ssh -o`: a key and known hosts of its own, nothing of the user's. */
  readonly options: readonly string[];
  stop(): Promise<void>;
}

const SSHD = firstProgram(['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd']);

/** False where there is no OpenSSH server to be had. */
export const hasSshServer = SSHD !== undefined;

/** Whether an sshd says who it is at this port. */
export function answers(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

export interface SshdSetUp {
  /** What starts it, without how it is reached. */
  readonly command: readonly [string, ...string[]];
  /** See SshServer, for one connection alone. */
  readonly options: readonly string[];
}

/**
 * Keys of its own below `folder`, and what sshd is to be told.
 * @param knownAs what its clients call it in their list of known hosts
 */
export async function setUpSshd(
  folder: string,
  knownAs: string,
  more: Readonly<Record<string, string | number>>,
): Promise<SshdSetUp> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(folder, name);
  for (const name of ['host_key', 'user_key']) {
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file(name)]);
  }
  const [userKey, hostKey] = await Promise.all(
    ['user_key.pub', 'host_key.pub'].map(async (name) => (await execa('cat', [file(name)])).stdout),
  );
  await writeFile(file('authorized_keys'), `${userKey ?? ''}\n`, { mode: 0o600 });
  await writeFile(file('known_hosts'), `${knownAs} ${hostKey ?? ''}\n`);
  const settings = {
    HostKey: file('host_key'),
    AuthorizedKeysFile: file('authorized_keys'),
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    ...more,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(file('sshd_config'), lines.join(''));
  // As root it wants this folder for its unprivileged child.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const options = [
    `IdentityFile=${file('user_key')}`,
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${file('known_hosts')}`,
    'StrictHostKeyChecking=yes',
  ];
  return { command: [SSHD ?? 'sshd', '-e', '-f', file('sshd_config')], options };
}

/**
 * A real sshd of this user on loopback, with keys of its own below `folder`.
 * @param environment what its sessions have besides HOME
 */
export async function startSshServer(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<SshServer> {
  const port = await freePort();
  // Of the user's own home, bash reads .bashrc in each session, which may take it seconds.
  const variables = Object.entries({ HOME: folder, ...environment });
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    SetEnv: variables.map(([name, value]) => `${name}=${value}`).join(' '),
  };
  const { command, options: own } = await setUpSshd(folder, `[127.0.0.1]:${port}`, settings);
  const [program, ...args] = command;
  const server = execa(program, ['-D', ...args], { reject: false });
  const ended = new AbortController();
  void server.then(() => {
    ended.abort();
  });
  while (!(await answers(port))) {
    if (ended.signal.aborted) {
      throw new Error(`sshd ended: ${(await server).stderr}`);
    }
    await setTimeout(50);
  }
  const host = `${userInfo().username}@127.0.0.1`;
  const options = [
    ...own,
    // A deploy asks for a dozen sessions: one connection for all of them, as many users have it.
    'ControlMaster=auto',
    `ControlPath=${path.join(folder, 'mux')}`,
    'ControlPersist=yes',
  ];
  return {
    host,
    port,
    options,
    stop: async () => {
      const flags = options.flatMap((option) => ['-o', option]);
      await execa('ssh', [...flags, '-O', 'exit', '--', host], { reject: false });
      server.kill('SIGTERM');
      await server;
    },
  };
}
