/** Of a socket inside the box, which the answer of the same id carries. */
export interface OpenRequest {
  readonly id: number;
  readonly kind: 'connect' | 'datagrams';
  readonly host: string;
  readonly port: number;
  /** Of a connection: from then on nobody waits for it. */
  readonly timeoutMs?: number;
}

/** Agent → door. */
export type DoorRequest =
  | OpenRequest
  /** Answers with the id CONNECTED carry the connections. */
  | { readonly id: number; readonly kind: 'serve'; readonly ports: readonly number[] }
  /** Of a door that set its box up: let the relay of the wire work. Where it does, the answer says what TCP's congestion control is inside. */
  | { readonly id: number; readonly kind: 'relay' };

/** Door → agent. With `error`, the system's code, there is no socket. */
export interface DoorAnswer {
  readonly id: number;
  readonly error?: string;
  readonly said?: string;
  /** Of a relay, with an error: how it ended. `signal` is a number, 0: none. */
  readonly ended?: { readonly code: number; readonly signal: number; readonly said: string };
}

/** The id of the first answer, which nobody asked for. */
export const DOOR_IS_OPEN = 0;
/** The id of answers that carry a connection somebody inside has made to a port that is served. */
export const CONNECTED = -1;
/** The id of what says that the relay has ended. */
export const RELAY_ENDED = -2;
