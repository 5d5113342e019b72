/** One thing that was looked at. */
export interface Check {
  readonly about: string;
  /** `fail`: no rehearsal can pass as things are. `warn`: one may, and says less or later fails for it. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found, one clause. */
  readonly found: string;
  /** One clause; there whenever the state is not `ok`. */
  readonly remedy?: string;
}

export function ok(about: string, found: string): Check {
  return { about, state: 'ok', found };
}

export function warn(about: string, found: string, remedy: string): Check {
  return { about, state: 'warn', found, remedy };
}

export function fail(about: string, found: string, remedy: string): Check {
  return { about, state: 'fail', found, remedy };
}
