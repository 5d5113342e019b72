import { once } from 'node:events';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { messageOf, systemCode } from '../base/errors.ts';
import { printableLines } from '../base/visibleText.ts';

/** A tool as the protocol lists it, and what a call of it does. */
export interface ServedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly isReadOnly: boolean;
  call(input: unknown, signal: AbortSignal): Promise<string>;
}

/**
 * Answers Model Context Protocol requests on standard input and output until the input ends or `signal` aborts. What a tool
 * throws becomes its answer, marked as an error.
 */
export async function serveStdio(
  tools: readonly ServedTool[],
  { version, signal }: { readonly version: string; readonly signal: AbortSignal },
): Promise<void> {
  // The high-level server takes schemas of whole zod; the tools bring JSON Schema and check their input themselves.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const server = new Server({ name: 'mesh-sim', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, title, description, inputSchema, isReadOnly }) => ({
      ...{ name, title, description },
      inputSchema: { ...inputSchema, type: 'object' as const },
      annotations: { readOnlyHint: isReadOnly, destructiveHint: false, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal: call }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) return failure(`usage: There is no tool "${params.name}" here.`);
    try {
      const text = await tool.call(params.arguments, AbortSignal.any([signal, call]));
      return { content: [{ type: 'text' as const, text: printableLines(text) }] };
    } catch (error) {
      // A bundle of its own has a MeshSimError of its own: errors cross by code and sentence.
      return failure(`${systemCode(error) ?? 'internal'}: ${messageOf(error)}`);
    }
  });
  const ended = Promise.race([once(process.stdin, 'end'), once(signal, 'abort')]);
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
}

function failure(text: string) {
  return { content: [{ type: 'text' as const, text }], isError: true };
}
