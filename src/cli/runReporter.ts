import type { MeshEvent } from '../model/events.ts';
import { BuildWatch } from '../model/buildWatch.ts';
import { applyEvent, newRunView, type RunView } from '../model/runView.ts';
import { paintOf, printJson, printLine, type CommandContext } from './commandContext.ts';
import { FailedOutput } from './failedOutput.ts';
import { linkName, type LinkTarget } from '../model/serviceLink.ts';
import { liveView, seconds } from './liveView.ts';
import { buildOutput, plainLine } from './plainLines.ts';
import { terminalText } from './terminalText.ts';

export type ReportMode = 'terminal' | 'plain' | 'json' | 'quiet';

/** A terminal shows every frame it is given; more than this a person cannot read. */
const FRAME_MS = 80;
/** Of more nodes than this, single steps are no news. */
const MAX_NODES_TOLD = 10;
const CURSOR_UP_AND_CLEAR = (lines: number): string => `\u001b[${lines}A\u001b[0J`;

/** Shows a run while it happens, in the way the output asks for. Keeps the view that the summary is made from. */
export class RunReporter {
  readonly view: RunView;
  readonly output = new FailedOutput();
  readonly builds = new BuildWatch();
  readonly #context: CommandContext;
  readonly #mode: ReportMode;
  #drawnLines = 0;
  #lastFrameAt = 0;
  readonly #said = new Set<string>();

  constructor(context: CommandContext, mode: ReportMode, nodes: number) {
    this.view = newRunView(nodes);
    this.#context = context;
    this.#mode = mode;
  }

  event(event: MeshEvent): void {
    applyEvent(this.view, event);
    this.output.event(event);
    this.builds.event(event);
    if (this.#mode === 'json') printJson(this.#context, event);
    else if (this.#mode === 'plain') this.#printPlain(event);
    else if (this.#mode === 'terminal') this.#draw(false);
  }

  /** A port of a service was opened on this machine: said once, however often its node comes back. */
  onOpened(link: LinkTarget, address: string): void {
    const sentence = `${linkName(link)} is at ${address}`;
    if (this.#said.has(sentence)) return;
    this.#said.add(sentence);
    if (this.#mode === 'json') printJson(this.#context, { type: 'link', ...link, address });
    else if (this.#mode === 'quiet') this.#warn(sentence);
    else if (this.#mode === 'plain') {
      printLine(this.#context, `${seconds(this.view.at).padStart(7)} s  ${sentence}`);
    } else this.#above(() => printLine(this.#context, sentence));
  }

  onRefused(link: LinkTarget, why: string): void {
    this.#warn(`${linkName(link)} could not be opened: ${why}.`);
  }

  /** On stderr. */
  #warn(sentence: string): void {
    const line = `mesh-sim: ${terminalText(sentence)}\n`;
    this.#above(() => this.#context.stderr.write(line));
  }

  /** Leaves the last picture on the screen. */
  finish(): void {
    if (this.#mode === 'terminal') this.#draw(true);
  }

  /** Writes a line where the picture began, and the picture below it again. */
  #above(write: () => void): void {
    if (this.#drawnLines === 0) {
      write();
      return;
    }
    this.#context.stdout.write(CURSOR_UP_AND_CLEAR(this.#drawnLines));
    this.#drawnLines = 0;
    write();
    this.#draw(true);
  }

  #printPlain(event: MeshEvent): void {
    if ('nodeId' in event && this.view.nodes.length > MAX_NODES_TOLD) return;
    const line = this.builds.isOutput(event) ? buildOutput(event) : plainLine(event);
    if (line !== undefined) printLine(this.#context, line);
  }

  #draw(force: boolean): void {
    const now = Date.now();
    if (!force && now - this.#lastFrameAt < FRAME_MS) return;
    this.#lastFrameAt = now;
    const { stdout } = this.#context;
    const { going } = this.builds;
    const lines = liveView(this.view, stdout.columns, paintOf(this.#context), going);
    const erase = this.#drawnLines === 0 ? '' : CURSOR_UP_AND_CLEAR(this.#drawnLines);
    stdout.write(`${erase}${lines.map(terminalText).join('\n')}\n`);
    this.#drawnLines = lines.length;
  }
}
