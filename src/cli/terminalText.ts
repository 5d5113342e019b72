import { legible } from '../base/shortText.ts';
import { printableLines } from '../base/visibleText.ts';

/** The colours and emphasis of our own Paint; no others, such as those that conceal. */
const PAINTED = /(\u001b\[(?:0|1|2|22|3[1-79]|41|49|38;5;231|48;5;\d{1,3})m)/;

/**
 * A line as it may be written to a terminal: whatever names, sentences or logs of others brought along, it moves no cursor,
 * turns no text around and hides nothing.
 */
export function terminalText(line: string): string {
  // With the separators captured, every second part is one of ours.
  return line
    .split(PAINTED)
    .map((part, at) => (at % 2 === 0 ? printableLines(part) : part))
    .join('');
}

/** Of a line of a service on screen; the whole is in the events. */
const WIDEST_LINE = 200;

/** What a service has said in one line, as much of it as is shown. */
export function serviceLine(text: string): string {
  return legible(text, WIDEST_LINE);
}
