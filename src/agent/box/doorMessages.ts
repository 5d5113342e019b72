/** Agent → door: open a socket inside the box. The answer of the same id carries it; of ports that are served, connections do. */
export type DoorRequest =
  | {
      readonly id: number;
      readonly kind: 'connect' | 'datagrams';
      readonly host: string;
      readonly port: number;
      /** Of a connection: from then on nobody waits for it. */
      readonly timeoutMs?: number;
    }
  | { readonly id: number; readonly kind: 'serve'; readonly ports: readonly number[] };

/** Door → agent. With `error`, the system's code, there is no socket. */
export interface DoorAnswer {
  readonly id: number;
  readonly error?: string;
}

/** The id of the first answer, which nobody asked for. */
export const DOOR_IS_OPEN = 0;
/** The id of answers that carry a connection somebody inside has made to a port that is served. */
export const CONNECTED = -1;
