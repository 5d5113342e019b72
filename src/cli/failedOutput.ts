import { LastWords } from '../model/lastWords.ts';
import type { Paint } from './paint.ts';
import { serviceLine } from './terminalText.ts';

/** What the service that failed first said last, for a terminal. */
export class FailedOutput extends LastWords {
  /** None where no service failed, or where it said nothing. */
  lines(paint: Paint): string[] {
    const words = this.ofFailed;
    if (words === undefined) return [];
    return [
      paint('bold', `What ${words.service} on ${words.nodeId} said last`),
      ...words.lines.map((line) => `  ${serviceLine(line)}`),
    ];
  }
}
