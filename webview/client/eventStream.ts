export interface ServerMessage {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/**
 * Splits an event stream (WHATWG HTML, server-sent events) into messages as its text arrives in pieces of any size. Lines end in
 * LF, as our server writes them; comments are skipped.
 */
export class EventStreamParser {
  #rest = '';

  push(text: string): ServerMessage[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter(({ data }) => data !== '');
  }
}

function parseBlock(block: string): ServerMessage {
  const message = { event: 'message', id: '', data: '' };
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|id|data): ?(.*)$/.exec(line) ?? [];
    if (field === 'data') message.data += message.data === '' ? value : `\n${value}`;
    else if (field === 'event' || field === 'id') message[field] = value;
  }
  return message;
}

/** Reads a stream to its end. @throws what the connection throws */
export async function readMessages(
  response: Response,
  onMessage: (message: ServerMessage) => void,
): Promise<void> {
  const parser = new EventStreamParser();
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return;
    for (const message of parser.push(decoder.decode(value, { stream: true }))) onMessage(message);
  }
}
