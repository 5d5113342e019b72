import type { Trust } from '../../support/vscodeServer/settings.ts';

/** One window of the editor, and the suite that runs in its extension host. */
export interface HostWindow {
  readonly trust: Trust;
  /** The workspace it opens. */
  readonly workspace: string;
  /** A short path for everything of the editor's; the caller removes it. */
  readonly folder: string;
  /** The bundle whose `run` is the suite. */
  readonly suite: string;
  /** Variables the extension host gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted when the suite told nothing for too long. */
  readonly signal: AbortSignal;
}
