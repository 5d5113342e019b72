/**
 * POSIX ustar headers (IEEE Std 1003.1, pax) with everything that is not content fixed: owner 0, time 0, no names.
 * One entry has exactly one encoding, so a reader can refuse every other one by encoding again and comparing.
 */
export const BLOCK_BYTES = 512;
/** An archive ends with two blocks of zeros, and nothing after them. */
export const END_BLOCKS = 2;

export interface ArchiveEntry {
  /** Relative, '/' between names. */
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'link';
  /** Content bytes; 0 for a link. */
  readonly size: number;
  /** Of a link: where it points; '' otherwise. */
  readonly target: string;
}

const FIELD = {
  name: { at: 0, bytes: 100 },
  mode: { at: 100, bytes: 8 },
  uid: { at: 108, bytes: 8 },
  gid: { at: 116, bytes: 8 },
  size: { at: 124, bytes: 12 },
  mtime: { at: 136, bytes: 12 },
  checksum: { at: 148, bytes: 8 },
  type: { at: 156, bytes: 1 },
  link: { at: 157, bytes: 100 },
  magic: { at: 257, bytes: 8 },
  devMajor: { at: 329, bytes: 8 },
  devMinor: { at: 337, bytes: 8 },
} as const;
type Field = (typeof FIELD)[keyof typeof FIELD];

const TYPE = { file: '0', executable: '0', link: '2', pax: 'x' } as const;
const MODE = { file: 0o644, executable: 0o755, link: 0o777, pax: 0o644 } as const;
const PAX_NAME = Buffer.from('@PaxHeader');

/** Bytes of padding after content of this size. */
export function paddingAfter(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** The blocks before an entry's content: a ustar header, after a pax header when path or target exceed 100 bytes. */
export function encodeEntry(entry: ArchiveEntry): Buffer {
  const name = Buffer.from(entry.path);
  const link = Buffer.from(entry.target);
  const records = [
    ...(link.length > FIELD.link.bytes ? [paxRecord('linkpath', link)] : []),
    ...(name.length > FIELD.name.bytes ? [paxRecord('path', name)] : []),
  ];
  const own = header(entry.kind, name, entry.size, link);
  if (records.length === 0) return own;
  const body = Buffer.concat(records);
  const padding = Buffer.alloc(paddingAfter(body.length));
  return Buffer.concat([header('pax', PAX_NAME, body.length, Buffer.alloc(0)), body, padding, own]);
}

function header(kind: keyof typeof TYPE, name: Buffer, size: number, link: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  name.copy(block, FIELD.name.at, 0, FIELD.name.bytes);
  link.copy(block, FIELD.link.at, 0, FIELD.link.bytes);
  writeOctal(block, FIELD.mode, MODE[kind]);
  writeOctal(block, FIELD.uid, 0);
  writeOctal(block, FIELD.gid, 0);
  writeOctal(block, FIELD.size, size);
  writeOctal(block, FIELD.mtime, 0);
  writeOctal(block, FIELD.devMajor, 0);
  writeOctal(block, FIELD.devMinor, 0);
  block.write(TYPE[kind], FIELD.type.at, 'latin1');
  block.write('ustar\x0000', FIELD.magic.at, 'latin1');
  block.fill(' ', FIELD.checksum.at, FIELD.checksum.at + FIELD.checksum.bytes);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, FIELD.checksum.at, 'latin1');
  return block;
}

function writeOctal(block: Buffer, field: Field, value: number): void {
  block.write(value.toString(8).padStart(field.bytes - 1, '0'), field.at, 'latin1');
}

/** "LENGTH KEY=VALUE\n", where LENGTH counts itself. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** What one 512-byte header says, before anything in it is believed. */
export interface RawHeader {
  readonly type: string;
  readonly name: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly link: Buffer;
}

export function decodeHeader(block: Buffer): RawHeader {
  return {
    type: block.toString('latin1', FIELD.type.at, FIELD.type.at + 1),
    name: text(block, FIELD.name),
    mode: octal(block, FIELD.mode),
    size: octal(block, FIELD.size),
    link: text(block, FIELD.link),
  };
}

function text(block: Buffer, field: Field): Buffer {
  const bytes = block.subarray(field.at, field.at + field.bytes);
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** NaN when the field is anything but octal digits and one NUL; encoding again then differs. */
function octal(block: Buffer, field: Field): number {
  const digits = block.toString('latin1', field.at, field.at + field.bytes - 1);
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The records of a pax header. @returns undefined when it is not a plain list of records. */
export function decodePax(body: Buffer): Map<string, Buffer> | undefined {
  const records = new Map<string, Buffer>();
  let at = 0;
  while (at < body.length) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, Math.max(at, space)));
    const equals = body.indexOf(0x3d, at);
    const end = at + length;
    if (space < 0 || !(end > at) || end > body.length || equals < space || equals >= end) return;
    records.set(body.toString('latin1', space + 1, equals), body.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}
