import { MeshSimError } from '../base/errors.ts';

export const EXIT = { pass: 0, fail: 1, usage: 2, refused: 4, interrupted: 130 } as const;

/** Everything that stops a command before it has an outcome is bad input, but for the user's own Ctrl-C. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof MeshSimError)) return EXIT.usage;
  if (error.code === 'gate-refused') return EXIT.refused;
  return error.code === 'interrupted' ? EXIT.interrupted : EXIT.usage;
}
