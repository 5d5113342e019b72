import type dgram from 'node:dgram';
import type * as dnsPacket from 'dns-packet';
import type { Packet, Question } from 'dns-packet';

/** Response codes of RFC 1035, section 4.1.1. */
const RCODE = { ok: 0, serverFailed: 2, noSuchName: 3, notImplemented: 4 } as const;

/** Addresses are this run's alone: nobody is to keep them. */
const TTL_SECONDS = 1;

/** Nobody is to know whether there is such a name. */
export const FAILED = Symbol('failed');
/** The addresses of a name, in the order in which they are to be tried; undefined: it does not exist. */
type AddressesOf = (name: string) => Promise<readonly string[] | typeof FAILED | undefined>;

/**
 * Serves addresses of names (RFC 1035) on a UDP socket. `addressesOf` is told the asker's port as well, and the name in the
 * asker's own spelling: what is told of it is searched for secrets, which have a case.
 */
export function serveNames(
  socket: dgram.Socket,
  addressesOf: (name: string, port: number) => ReturnType<AddressesOf>,
): void {
  socket.on('message', (query, { port, address }) => {
    void answerTo(query, (name) => addressesOf(name, port)).then((answer) => {
      if (answer !== undefined) socket.send(answer, port, address);
    });
  });
  // Its namespace may go away under it, and with it whoever waits for an answer.
  socket.on('error', () => undefined);
}

/**
 * The reply to one query; undefined for what is none. A name has IPv4 addresses or does not exist; there are no records
 * but addresses.
 */
export async function answerTo(
  query: Uint8Array,
  addressesOf: AddressesOf,
): Promise<Uint8Array | undefined> {
  // Loaded this late: few services ask for a name before all are up.
  const codec = await import('dns-packet');
  const asked = decoded(codec, query);
  const question = asked?.questions?.[0];
  if (asked?.type !== 'query' || question === undefined) return undefined;
  const isAddress = question.type === 'A' || question.type === 'AAAA';
  // Whoever asks for anything else of a denied host is after that host too; the answer does not wait for it.
  const found = addressesOf(question.name);
  const answer = isAddress ? await found : undefined;
  const addresses = answer === FAILED ? undefined : answer;
  const known = addresses === undefined ? RCODE.noSuchName : RCODE.ok;
  const code = answer === FAILED ? RCODE.serverFailed : known;
  return codec.encode({
    type: 'response',
    id: asked.id,
    flags:
      codec.RECURSION_DESIRED |
      codec.RECURSION_AVAILABLE |
      (isAddress ? code : RCODE.notImplemented),
    questions: [question],
    answers: answersFor(question, addresses ?? []),
  });
}

function answersFor({ name, type }: Question, addresses: readonly string[]): Packet['answers'] {
  if (type !== 'A') return [];
  return addresses.map((data) => ({ type, name, data, ttl: TTL_SECONDS }));
}

/** Services may send anything. */
function decoded(
  { decode }: Pick<typeof dnsPacket, 'decode'>,
  query: Uint8Array,
): Packet | undefined {
  try {
    return decode(Buffer.from(query));
  } catch {
    return undefined;
  }
}
