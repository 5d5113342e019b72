import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { HostSpec } from '../../src/model/hosts.ts';
import { startSshServer, type SshServer } from './sshServer.ts';

export interface RemoteHost {
  readonly spec: Extract<HostSpec, { kind: 'ssh' }>;
  /** Where folders of runs are there. */
  readonly runs: string;
  /** What runs have left there, by their ids. */
  left(): Promise<string[]>;
  stop(): Promise<void>;
}

/** The same host, reached by a way that carries so much each way, in KB/s. */
export function slowly(spec: RemoteHost['spec'], kilobytes: number): RemoteHost['spec'] {
  const program = path.join(import.meta.dirname, 'slowPath.ts');
  const proxy = [process.execPath, program, String(kilobytes), '%h', '%p'];
  return { ...spec, options: [...spec.options, `ProxyCommand=${proxy.join(' ')}`] };
}

/**
 * This machine as another one: a real sshd, whose users have a home folder below `folder`.
 * @param environment what its sessions have besides HOME
 */
export async function startRemoteHost(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<RemoteHost> {
  const home = path.join(folder, 'edge');
  const server: SshServer = await startSshServer(home, environment);
  const runs = path.join(home, '.cache/mesh-sim/hosted/runs');
  return {
    spec: {
      kind: 'ssh',
      host: server.host,
      port: server.port,
      // A connection for each node: one that several share would keep ssh from ending.
      options: server.options.filter((option) => !option.startsWith('Control')),
      node: process.execPath,
      secrets: false,
    },
    runs,
    left: async () => (existsSync(runs) ? readdir(runs) : []),
    stop: () => server.stop(),
  };
}
