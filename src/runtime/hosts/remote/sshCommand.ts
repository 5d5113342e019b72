import { shellWord } from '../../../base/shellWord.ts';
import { SHIPPED, type HostSpec } from '../../../model/hosts.ts';
import { startCommand } from '../ship/scripts.ts';
import type { HostCommand, Hosting } from './hosting.ts';
import { LOADER } from './loader.ts';

/** ssh gives up on a machine that does not answer. */
const CONNECT_LIMIT_S = 15;
/** Only a host whose key this user has checked is told anything. */
const STRICT = [
  'StrictHostKeyChecking=yes',
  'NoHostAuthenticationForLocalhost=no',
  'VerifyHostKeyDNS=no',
];

type Ssh = Extract<HostSpec, { kind: 'ssh' }>;

/** The user's own ssh, to run `remote` in the shell of the host's user. */
export function sshCommand(
  { host, port, options }: Pick<Ssh, 'host' | 'port' | 'options'>,
  remote: string,
): HostCommand {
  return {
    file: 'ssh',
    args: [
      // Nobody is there to answer a question. Its own words tell the host's key.
      ...['-T', '-v', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${CONNECT_LIMIT_S}`],
      // The first value wins, whatever the user's configuration says.
      ...STRICT.flatMap((option) => ['-o', option]),
      ...options.flatMap((option) => ['-o', option]),
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...['--', host, remote],
    ],
  };
}

export function startOverSsh(spec: Ssh, { digest }: Hosting): HostCommand {
  const { node = 'node' } = spec;
  const start =
    node === SHIPPED
      ? startCommand(digest)
      : `exec ${shellWord(node)} -e ${shellWord(LOADER)} ${digest}`;
  return sshCommand(spec, start);
}
