import type { Redactor } from '../../vault/redactor.ts';
import type { Kin } from './kinship.ts';
import { commandOf } from './procfs.ts';

/** A command may be as long as its arguments are. */
const MAX_COMMAND = 120;

/** A process that was left behind, for a sentence. Secrets are masked before anything is cut. */
export function nameOfProcess(kin: Kin, redactor: Redactor): string {
  const masked = redactor.text(commandOf(kin.pid)).replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
  const command = masked.length > MAX_COMMAND ? `${masked.slice(0, MAX_COMMAND)}…` : masked;
  return `"${command}" (process ${kin.pid}, found by ${kin.way})`;
}
