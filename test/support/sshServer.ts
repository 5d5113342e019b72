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

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** A real sshd of this user on loopback, with keys of its own below `folder`. */
export async function startSshServer(folder: string): Promise<SshServer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(folder, name);
  for (const name of ['host_key', 'user_key']) {
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file(name)]);
  }
  const port = await freePort();
  const [userKey, hostKey] = await Promise.all(
    ['user_key.pub', 'host_key.pub'].map(async (name) => (await execa('cat', [file(name)])).stdout),
  );
  await writeFile(file('authorized_keys'), `${userKey ?? ''}\n`, { mode: 0o600 });
  await writeFile(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey ?? ''}\n`);
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: file('host_key'),
    AuthorizedKeysFile: file('authorized_keys'),
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    // Of the user's own home, bash reads .bashrc in each session, which may take it seconds.
    SetEnv: `HOME=${folder}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(file('sshd_config'), lines.join(''));
  // As root it wants this folder for its unprivileged child.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const server = execa(SSHD ?? 'sshd', ['-D', '-e', '-f', file('sshd_config')], { reject: false });
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
    `IdentityFile=${file('user_key')}`,
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${file('known_hosts')}`,
    'StrictHostKeyChecking=yes',
    // A deploy asks for a dozen sessions: one connection for all of them, as many users have it.
    'ControlMaster=auto',
    `ControlPath=${file('mux')}`,
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
