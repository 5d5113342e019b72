import { constants } from 'node:os';
import type { DoorAnswer } from './doorMessages.ts';

/** Why a wire has no relay any more, one clause. Undefined: nobody saw it end, for the door that would have is gone. */
export function howItEnded(ended: DoorAnswer['ended']): string {
  if (ended === undefined) return 'the relay of its wire ended with its door';
  const { code, signal, said } = ended;
  const [name] = Object.entries(constants.signals).find(([, number]) => number === signal) ?? [];
  return relayEnd({ code, signal: name, said });
}

export function relayEnd({
  code,
  signal,
  said,
}: {
  readonly code: number | null;
  readonly signal: string | null | undefined;
  readonly said: string;
}): string {
  const how =
    typeof signal !== 'string' ? `exited with code ${code ?? 0}` : `was ended by ${signal}`;
  const words = said.trim();
  return `the relay of its wire ${how}${words === '' ? '' : `: ${words}`}`;
}
