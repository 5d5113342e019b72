import type { Readable } from 'node:stream';

/**
 * Hands over each line of a stream of text that has come to its end, without that end. What comes after the last one is no line.
 * The module of Node.js for lines is one for terminals, and takes a tenth of an agent's start.
 */
export function hearLines(input: Readable, hear: (line: string) => void): void {
  let open: string[] = [];
  input.setEncoding('utf8');
  input.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    open.push(first);
    for (const other of others) {
      hear(open.join(''));
      open = [other];
    }
  });
}
