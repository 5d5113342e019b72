/**
 * What a node is told that asks whether to do what is done once for all of the mesh. run: it is to do it, and to say how that
 * ended. done: another node has. failed: another node has failed at it.
 */
export const ONCE_ANSWERS = ['run', 'done', 'failed'] as const;
export type OnceAnswer = (typeof ONCE_ANSWERS)[number];
