import { readdirSync, statSync } from 'node:fs';
import { messageOf, MeshSimError } from '../../base/errors.ts';
import { shortened } from '../../base/shortText.ts';
import { debianPackageOf } from '../../model/debianPackages.ts';
import type { ProgramService } from '../../model/registry.ts';
import { demandWords, meetsDemand, type FoundProgram } from '../../model/requiredProgram.ts';
import { versionIn } from '../../model/versionDemand.ts';
import { findProgram, type ProgramPlaces } from './program.ts';
import { sha256OfFile } from '../../signing/fileDigest.ts';

/** What a program said when it was asked for its version. */
export interface Answer {
  readonly text: string;
  /** Why that is no answer, one clause; left out: it is one. */
  readonly fault?: string;
}

export interface ProgramLook extends ProgramPlaces {
  /** How a sentence calls the place: `this machine`, `n2`. */
  readonly where: string;
  /** Executes a command there. */
  readonly ask: (command: readonly string[]) => Promise<Answer>;
}

/** A program that was found, and a way to tell that its file has not been replaced since. */
export interface RequiredProgram extends FoundProgram {
  readonly stamp: string;
}

/** A program that says its version takes milliseconds, on a busy machine seconds; one that serves in place of that never ends. */
export const VERSION_LIMIT_MS = 10_000;

/** Finds the program a service requires of the machine. @throws MeshSimError `program-missing` */
export async function requiredProgram(
  { name, program }: Pick<ProgramService, 'name' | 'program'>,
  look: ProgramLook,
): Promise<RequiredProgram> {
  const needs = `Service "${name}" needs the program ${demandWords(program)}`;
  const file = fileOf(program.requires, look);
  if (file === undefined) throw missing(`${needs}, ${whyNotThere(program.requires, look)}.`);
  const readable = async <T>(read: () => T | Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      throw missing(
        `${needs}, but ${file} on ${look.where} cannot be read (${messageOf(error)}): allow it, for evidence names its digest.`,
      );
    }
  };
  const stamp = await readable(() => stampOf(file));
  const [first = '', ...rest] = program.versionCommand ?? [program.requires, '--version'];
  const command = [first === program.requires ? file : first, ...rest];
  const { text, fault } = await look.ask(command);
  const version = fault === undefined ? versionIn(text) : undefined;
  const found = { path: file, ...(version === undefined ? {} : { version }) };
  if (!meetsDemand(program, { ...found, sha256: '' })) {
    throw missing(`${needs}, ${whyOther(found, command, fault, look)}`);
  }
  const sha256 = await readable(() => sha256OfFile(file));
  if (stamp !== (await readable(() => stampOf(file)))) {
    throw missing(
      `${needs}, and ${file} on ${look.where} was replaced while it was looked at: run again.`,
    );
  }
  return { ...found, sha256, stamp };
}

/** Of the file itself, wherever links lead. @throws Error where it is gone */
export function stampOf(file: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(file);
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}

/** Where servers are that only administrators start by name, as Debian has nats-server. */
const SERVER_PATH = '/usr/local/sbin:/usr/sbin:/sbin';

/** Where a program is that a service requires; undefined: it is not on this machine. */
export function findRequired(program: string, hostPath: string): string | undefined {
  const places = [hostPath, SERVER_PATH, ...postgresPlaces()];
  return places.flatMap((place) => findProgram(program, '/', place) ?? []).at(0);
}

/** Debian has the programs of each PostgreSQL in a folder of its own, and only the client's on the search path; the newest first. */
function postgresPlaces(): string[] {
  try {
    const versions = readdirSync(POSTGRES_FOLDER).sort((one, other) => Number(other) - Number(one));
    return versions.map((version) => `${POSTGRES_FOLDER}/${version}/bin`);
  } catch {
    return [];
  }
}

const POSTGRES_FOLDER = '/usr/lib/postgresql';

function fileOf(program: string, { hostPath, hides = () => false }: ProgramPlaces) {
  const found = findRequired(program, hostPath);
  return found === undefined || hides(found) ? undefined : found;
}

function whyNotThere(program: string, { where, hostPath, hiddenPath, hides }: ProgramLook): string {
  const debian = debianPackageOf(program);
  const install = `install it${debian === undefined ? '' : ` (Debian: ${debian})`}`;
  const hidden =
    findProgram(program, '/', hiddenPath) ??
    (hides === undefined ? undefined : findRequired(program, hostPath));
  return hidden === undefined
    ? `which is not on the search path of ${where}: ${install}, or add its folder to PATH`
    : `which is only found in the product's repository (${hidden}), of which a node has nothing but what was packed: ${install} on this machine`;
}

function whyOther(
  { path, version }: Pick<FoundProgram, 'path' | 'version'>,
  command: readonly string[],
  fault: string | undefined,
  { where }: ProgramLook,
): string {
  if (version !== undefined) {
    return `and ${path} on ${where} is ${version}: install another version, or correct "version" in the registry.`;
  }
  const asked = shortened(command.join(' '), 200);
  return `but "${asked}" on ${where} said no version${fault === undefined ? '' : ` (${fault})`}: set "versionCommand" to one that does.`;
}

function missing(sentence: string): MeshSimError {
  return new MeshSimError('program-missing', sentence);
}
