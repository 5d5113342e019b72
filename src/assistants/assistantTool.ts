import type { Studio } from '../studio/studio.ts';

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
   * @returns text for the assistant
   * @throws MeshSimError with a sentence to pass on
   */
  run(studio: Studio, input: unknown, signal: AbortSignal): Promise<string>;
}
