import type dgram from 'node:dgram';
import {
  decode,
  encode,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  type Packet,
  type Question,
} from 'dns-packet';

/** Response codes of RFC 1035, section 4.1.1. */
const RCODE = { ok: 0, noSuchName: 3, notImplemented: 4 } as const;

/** Addresses are this run's alone: nobody is to keep them. */
const TTL_SECONDS = 1;

/**
 * Serves addresses of names (RFC 1035) on a UDP socket. `addressOf` is told the asker's port as well, and the name in the
 * asker's own spelling: what is told of it is searched for secrets, which have a case.
 */
export function serveNames(
  socket: dgram.Socket,
  addressOf: (name: string, port: number) => Promise<string | undefined>,
): void {
  socket.on('message', (query, { port, address }) => {
    void answerTo(query, (name) => addressOf(name, port)).then((answer) => {
      if (answer !== undefined) socket.send(answer, port, address);
    });
  });
  // Its namespace may go away under it, and with it whoever waits for an answer.
  socket.on('error', () => undefined);
}

/**
 * The reply to one query; undefined for what is none. A name has one IPv4 address or does not exist; there are no records
 * but addresses.
 */
export async function answerTo(
  query: Uint8Array,
  addressOf: (name: string) => Promise<string | undefined>,
): Promise<Uint8Array | undefined> {
  const asked = decoded(query);
  const question = asked?.questions?.[0];
  if (asked?.type !== 'query' || question === undefined) return undefined;
  const isAddress = question.type === 'A' || question.type === 'AAAA';
  // Whoever asks for anything else of a denied host is after that host too; the answer does not wait for it.
  const found = addressOf(question.name);
  const address = isAddress ? await found : undefined;
  const known = address === undefined ? RCODE.noSuchName : RCODE.ok;
  return encode({
    type: 'response',
    id: asked.id,
    flags: RECURSION_DESIRED | RECURSION_AVAILABLE | (isAddress ? known : RCODE.notImplemented),
    questions: [question],
    answers: address === undefined ? [] : answersFor(question, address),
  });
}

function answersFor({ name, type }: Question, data: string): Packet['answers'] {
  return type === 'A' ? [{ type, name, data, ttl: TTL_SECONDS }] : [];
}

/** Services may send anything. */
function decoded(query: Uint8Array): Packet | undefined {
  try {
    return decode(Buffer.from(query));
  } catch {
    return undefined;
  }
}
