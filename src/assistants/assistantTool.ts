import type { Studio } from '../studio/studio.ts';

/** What a person is asked before a tool starts anything. */
export interface Consent {
  readonly title: string;
  /** What it would run, in plain text. */
  readonly message: string;
}

/** Something that an assistant or a script may ask of a workspace, whichever door it came through. */
export interface AssistantTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of the input; `run` checks it anew. */
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, object>>;
    readonly required?: readonly string[];
    readonly additionalProperties: false;
  };
  /** True: it starts nothing and writes nothing. */
  readonly isReadOnly: boolean;
  /**
   * Asked by doors that have a person at them; starts and writes nothing. Left out: there is nothing to consent to.
   * @throws MeshSimError as `run`, where that could not even begin
   */
  consent?(studio: Studio, input: unknown): Promise<Consent>;
  /**
   * @returns text for the assistant
   * @throws MeshSimError with a sentence to pass on
   */
  run(studio: Studio, input: unknown, signal: AbortSignal): Promise<string>;
}
