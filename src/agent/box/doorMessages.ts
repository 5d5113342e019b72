/** Agent → door: open a socket inside the box. The answer of the same id carries it. */
export interface DoorRequest {
  readonly id: number;
  readonly kind: 'connect' | 'listen' | 'datagrams';
  readonly host: string;
  readonly port: number;
}

/** Door → agent. With `error`, the system's code, there is no socket. */
export interface DoorAnswer {
  readonly id: number;
  readonly error?: string;
}

/** The id of the first answer, which nobody asked for. */
export const DOOR_IS_OPEN = 0;
