/** `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, in this machine's time zone, or in UTC with a `Z` behind it (ssh-keygen(1), ALLOWED SIGNERS). */
const MOMENT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z)?$/;

/** ms since the Unix epoch; undefined: the text is no date, or one that no calendar has. */
export function momentOf(text: string): number | undefined {
  const found = MOMENT.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, ...rest] = found
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const [day = 0, hour = 0, minute = 0, second = 0] = rest;
  const isUtc = found[7] === 'Z';
  const date = isUtc
    ? new Date(Date.UTC(year, month - 1, day, hour, minute, second))
    : new Date(year, month - 1, day, hour, minute, second);
  const [y, m, d] = isUtc
    ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    : [date.getFullYear(), date.getMonth(), date.getDate()];
  // Dates roll over in JavaScript: the 31st of February is in March.
  const isCalendar =
    y === year && m === month - 1 && d === day && hour < 24 && minute < 60 && second < 61;
  return isCalendar ? date.getTime() : undefined;
}

/** That instant as it stands in a line, to the second it is in, in UTC. @param at ms since the Unix epoch */
export function sshMoment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
