import { encodeEntry, paddingAfter } from '../../src/capsule/tarHeader.ts';
import type { ArchiveEntry } from '../../src/capsule/tarHeader.ts';

export interface ArchiveFile {
  readonly path: string;
  readonly kind: ArchiveEntry['kind'];
  readonly content: string;
  readonly target: string;
}

/** An archive of exactly these entries in this order, fit to unpack or not. */
export function archiveOf(files: readonly ArchiveFile[]): Buffer {
  const blocks = files.flatMap(({ path, kind, content, target }) => {
    const bytes = Buffer.from(content);
    return [
      encodeEntry({ path, kind, size: bytes.length, target }),
      bytes,
      new Uint8Array(paddingAfter(bytes.length)),
    ];
  });
  return Buffer.concat([...blocks, new Uint8Array(1024)]);
}

/** A well-formed ustar header with any type, mode and size: what a hostile sender would build. */
export function rawHeader(fields: {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly link: string;
}): Buffer {
  const block = encodeEntry({
    path: fields.path,
    kind: 'file',
    size: fields.size,
    target: fields.link,
  });
  block.write(`${fields.mode.toString(8).padStart(7, '0')}\0`, 100, 'latin1');
  block.write(fields.type, 156, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

export function fileOf(path: string, content = ''): ArchiveFile {
  return { path, kind: 'file', content, target: '' };
}

export function linkOf(path: string, target: string): ArchiveFile {
  return { path, kind: 'link', content: '', target };
}
