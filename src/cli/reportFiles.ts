import path from 'node:path';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { machineFault } from '../base/machineFault.ts';
import type { StatedRun } from '../model/observation.ts';
import { junitOfBrokenRun, junitOfRun, type BrokenRun } from '../reports/junit.ts';
import {
  markdownOfBrokenRun,
  markdownSummary,
  type SummaryFacts,
} from '../reports/markdownSummary.ts';
import { makeWay, replaceFile } from '../base/replaceFile.ts';

export interface ReportFlags {
  readonly junit?: string;
  readonly summary?: string;
}

export interface ReportedRun {
  readonly run: StatedRun;
  readonly facts: SummaryFacts;
}

interface Format {
  readonly file: string;
  ofRun(reported: ReportedRun): string;
  ofBrokenRun(broken: BrokenRun): string;
}

/** The files that a pipeline reads of a run, each whole or not there; also when the run fails or cannot be carried out. */
export class ReportFiles {
  readonly #formats: readonly Format[];
  readonly #now: () => string;

  private constructor(formats: readonly Format[], now: () => string) {
    this.#formats = formats;
    this.#now = now;
  }

  /** @throws MeshSimError `usage` or `disk-failed` where one of them could not be written later */
  static async prepare({ junit, summary }: ReportFlags, now: () => string): Promise<ReportFiles> {
    const formats: Format[] = [];
    if (junit !== undefined) {
      const ofRun = ({ run }: ReportedRun) => junitOfRun(run);
      formats.push({ file: path.resolve(junit), ofRun, ofBrokenRun: junitOfBrokenRun });
    }
    if (summary !== undefined) {
      const ofRun = ({ run, facts }: ReportedRun) => markdownSummary(run, facts);
      formats.push({ file: path.resolve(summary), ofRun, ofBrokenRun: markdownOfBrokenRun });
    }
    if (new Set(formats.map(({ file }) => file)).size < formats.length) {
      throw new MeshSimError('usage', '--junit and --summary name the same file: give two.');
    }
    for (const { file } of formats) await makeWay(file);
    return new ReportFiles(formats, now);
  }

  /** Carries out a run and writes what became of it. Rethrows what it throws, after that was written. */
  async fill(carryOut: () => Promise<ReportedRun>): Promise<void> {
    let reported: ReportedRun;
    try {
      reported = await carryOut();
    } catch (thrown) {
      await this.#write((format) => format.ofBrokenRun(this.#brokenBy(thrown))).catch(
        () => undefined, // What stopped the run is the better news.
      );
      throw thrown;
    }
    await this.#write((format) => format.ofRun(reported));
  }

  #brokenBy(thrown: unknown): BrokenRun {
    const error = machineFault(thrown) ?? thrown;
    const code = error instanceof MeshSimError ? error.code : 'internal';
    return { code, sentence: messageOf(error), at: this.#now() };
  }

  async #write(content: (format: Format) => string): Promise<void> {
    for (const format of this.#formats) await replaceFile(format.file, content(format));
  }
}
