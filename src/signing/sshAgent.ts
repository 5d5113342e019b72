import net from 'node:net';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { fingerprint, publicKeyFromSsh, sshStrings, sshWireKey, wireString } from './publicKey.ts';

/** Messages of draft-ietf-sshm-ssh-agent, section 6. */
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
/** OpenSSH's agent sends no more (AGENT_MAX_LEN). */
const MOST_BYTES = 256 * 1024;
/** Somebody may have to confirm, or to touch a token. */
const PATIENCE_MS = 120_000;

/** A key that the agent can sign with here. */
export interface AgentKey {
  /** Raw Ed25519 public key, 64 hex digits. */
  readonly publicKey: string;
  readonly comment: string;
}

/** Where OpenSSH's programs find the agent. */
export function agentSocket(environment: NodeJS.ProcessEnv): string {
  const named = environment.SSH_AUTH_SOCK ?? '';
  if (named !== '') return named;
  if (process.platform === 'win32') return '\\\\.\\pipe\\openssh-ssh-agent';
  throw new MeshSimError(
    'key-unreadable',
    'There is no ssh-agent: SSH_AUTH_SOCK is not set. Start one (eval "$(ssh-agent)"), and add the key with ssh-add.',
  );
}

/** The Ed25519 keys an agent holds; others sign nothing here. @throws MeshSimError `key-unreadable` */
export async function agentKeys(socket: string): Promise<AgentKey[]> {
  const answer = await ask(socket, Buffer.of(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
  const fields = sshStrings(answer.subarray(4));
  const keys: AgentKey[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const publicKey = publicKeyFromSsh(fields[at]?.toString('base64') ?? '');
    if (publicKey !== undefined)
      keys.push({ publicKey, comment: fields[at + 1]?.toString() ?? '' });
  }
  return keys;
}

/**
 * An Ed25519 signature (RFC 8709, 64 bytes) of the very bytes given, by the agent that holds the key. May take as long as a person
 * needs to confirm it. @throws MeshSimError `key-unreadable` when it is not there, or does not sign
 */
export async function signByAgent(
  socket: string,
  publicKey: string,
  message: Uint8Array,
): Promise<Uint8Array> {
  const noFlags = Buffer.alloc(4);
  const request = [wireString(sshWireKey(publicKey)), wireString(message), noFlags];
  const answer = await ask(
    socket,
    Buffer.concat([Buffer.of(SIGN_REQUEST), ...request]),
    SIGN_RESPONSE,
    `does not sign with ${fingerprint(publicKey)}: see that it holds the key (ssh-add -l), is not locked, and that nobody declined`,
  );
  const [blob = Buffer.alloc(0)] = sshStrings(answer);
  const [, signature = Buffer.alloc(0)] = sshStrings(blob);
  return signature;
}

/** Sends one message, and returns what follows the type of the answer. */
function ask(
  socket: string,
  message: Buffer,
  expected: number,
  refusal = 'gives no answer that is one',
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      connection.destroy();
      reject(new MeshSimError('key-unreadable', `The ssh-agent at ${socket} ${why}.`));
    };
    const connection = net.connect(socket);
    connection.setTimeout(PATIENCE_MS, () => fail('does not answer'));
    let got = Buffer.alloc(0);
    connection.on('error', (error) =>
      fail(`cannot be reached (${messageOf(error)}): start one, and add the key with ssh-add`),
    );
    connection.on('end', () => fail('ended the connection without an answer'));
    connection.on('data', (bytes) => {
      got = Buffer.concat([got, bytes]);
      const length = got.length < 4 ? 0 : got.readUInt32BE(0);
      if (length > MOST_BYTES) fail('gives no answer that is one');
      else if (got.length >= 4 && got.length >= 4 + length) {
        if (got[4] !== expected) fail(refusal);
        else {
          connection.destroy();
          resolve(got.subarray(5, 4 + length));
        }
      }
    });
    connection.write(wireString(message));
  });
}
