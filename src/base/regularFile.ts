import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { systemCode } from './errors.ts';

/**
 * Somebody put a FIFO, a socket or a device where a file is expected. Opened in the ordinary way a FIFO blocks until
 * somebody writes to it: a thread of libuv's pool would hang in it, which no signal ends. A device may never end.
 */
export class IrregularFile extends Error {
  /** As BSD calls it: whoever handles what a disk says handles this. */
  readonly code = 'EFTYPE';

  constructor(file: string, kind: string, cause?: unknown) {
    super(`${file} is ${kind}, not a regular file: remove it`, { cause });
    this.name = 'IrregularFile';
  }
}

/** As in Node.js. None truncates what is there: it could be a link to another file. */
export type OpenFlags = 'r' | 'wx' | 'wx+' | 'a';

/** Windows has neither these flags nor FIFOs among its files. */
const NO_WAITING = process.platform === 'win32' ? 0 : constants.O_NONBLOCK | constants.O_NOCTTY;
const FLAGS: Readonly<Record<OpenFlags, number>> = {
  r: constants.O_RDONLY | NO_WAITING,
  wx: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_WAITING,
  'wx+': constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_WAITING,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_WAITING,
};

/**
 * Opens a regular file, wherever links lead to it: what counts is what was opened, so nothing can be exchanged between a
 * check and the opening. Every file that others could have placed is opened here (lint holds to it).
 * @throws IrregularFile, or a system error such as ENOENT; EISDIR for a folder
 */
export async function openRegular(
  file: string,
  flags: OpenFlags = 'r',
  mode?: number,
): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(file, FLAGS[flags], mode);
  } catch (error) {
    throw openFailure(file, error);
  }
  try {
    assertRegular(file, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** As `openRegular`; returns a descriptor. */
export function openRegularSync(file: string, flags: OpenFlags = 'r', mode?: number): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, FLAGS[flags], mode);
  } catch (error) {
    throw openFailure(file, error);
  }
  try {
    assertRegular(file, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** All bytes of a regular file. Throws as `openRegular`. */
export async function readRegular(file: string): Promise<Buffer> {
  const handle = await openRegular(file);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A regular file as UTF-8. Throws as `openRegular`. */
export async function readRegularText(file: string): Promise<string> {
  return (await readRegular(file)).toString('utf8');
}

/** As `readRegular`, for programs that have to wait for it. */
export function readRegularSync(file: string): Buffer {
  const descriptor = openRegularSync(file);
  try {
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a file that need not be there, such as a setting that not every kernel has; '' where it cannot be read. Never throws. */
export function textIfThere(file: string): string {
  try {
    return readRegularSync(file).toString('utf8');
  } catch {
    return '';
  }
}

/**
 * The first `limit` + 1 bytes of a regular file at most: enough to see that there are more than `limit`, however large
 * it is. Throws as `openRegular`.
 */
export async function readRegularUpTo(file: string, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of regularPieces(file, limit + 1)) parts.push(part);
  return Buffer.concat(parts);
}

/** The bytes of a regular file in pieces, at most `limit` of them. Throws as `openRegular`. */
export async function* regularPieces(file: string, limit = Infinity): AsyncGenerator<Buffer> {
  const handle = await openRegular(file);
  try {
    const end = limit - 1;
    yield* handle.createReadStream({ end, autoClose: false }) as AsyncIterable<Buffer>;
  } finally {
    await handle.close();
  }
}

/**
 * Opens a new file in the place of whatever is there: a link or a FIFO is removed, not written through.
 * Throws a system error, such as EISDIR for a folder.
 */
export async function openAfresh(file: string, mode?: number): Promise<FileHandle> {
  await rm(file, { force: true });
  return openRegular(file, 'wx', mode);
}

/** Writes a new file in the place of whatever is there, as `openAfresh`; neither at once nor flushed. */
export async function writeAfresh(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await openAfresh(file);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

/** As `writeAfresh`, for programs that have to wait for it. */
export function writeAfreshSync(file: string, content: Uint8Array): void {
  rmSync(file, { force: true });
  const descriptor = openRegularSync(file, 'wx');
  try {
    writeFileSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
}

function assertRegular(file: string, found: Stats): void {
  if (found.isFile()) return;
  if (found.isDirectory()) {
    throw Object.assign(new Error(`EISDIR: ${file} is a folder`), { code: 'EISDIR' });
  }
  throw new IrregularFile(file, found.isFIFO() ? 'a FIFO' : 'a device');
}

/** The system opens no socket by its name, and no FIFO for writing that has no reader. */
function openFailure(file: string, error: unknown): unknown {
  return systemCode(error) === 'ENXIO'
    ? new IrregularFile(file, 'a socket, FIFO or device', error)
    : error;
}
