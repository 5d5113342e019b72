import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DEFAULT_ARCHIVE_LIMITS } from '../../../src/capsule/archiveLimits.ts';
import { archiveEntries } from '../../../src/capsule/archiveReader.ts';
import { ByteReader } from '../../../src/capsule/byteReader.ts';
import { archiveOf, fileOf, linkOf, rawHeader } from '../../support/archives.ts';

type Header = Parameters<typeof rawHeader>[0];

const PLAIN: Header = { path: 'x', type: '0', mode: 0o644, size: 0, link: '' };
const END = new Uint8Array(1024);

/** One hand-made header (and content), then a proper end. */
function lone(fields: Partial<Header>, content = ''): Buffer {
  return Buffer.concat([header(fields), block(content), END]);
}

function header(fields: Partial<Header> = {}): Buffer {
  return rawHeader({ ...PLAIN, ...fields });
}

function block(content: string): Buffer {
  const blocks = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  blocks.write(content);
  return blocks;
}

const EVIL: Record<string, [Uint8Array, RegExp]> = {
  'a path that climbs': [archiveOf([fileOf('../x')]), /has a ".." part/],
  'an absolute path': [archiveOf([fileOf('/etc/cron.d/x')]), /is absolute/],
  'a Windows path': [archiveOf([fileOf('..\\x')]), /does not allow/],
  'a drive letter': [archiveOf([fileOf('C:x')]), /does not allow/],
  'a git hook': [archiveOf([fileOf('.git/hooks/post-checkout', '#!')]), /belongs to git/],
  'a git hook behind a joiner': [archiveOf([fileOf('.g\u200cit/hooks/x', '#!')]), /U\+200C/],
  'a link to a hidden git folder': [archiveOf([linkOf('x', '.gi\u200dt')]), /U\+200D/],
  'records of this product': [archiveOf([fileOf('.meshsim/x')]), /belongs to this product/],
  'a name turned around': [archiveOf([fileOf('a\u202etxt.sh')]), /U\+202E/],
  'a link out of the tree': [archiveOf([linkOf('x', '../secret')]), /out of the tree/],
  'an absolute link': [archiveOf([linkOf('x', '/etc/passwd')]), /absolute path/],
  'a file below a link': [archiveOf([linkOf('a', 'b'), fileOf('a/x')]), /file or link/],
  'a link that climbs out of a folder it was led to': [
    archiveOf([linkOf('p/q/a', 'b/../x'), linkOf('p/q/b', '../..')]),
    /has a ".." part/,
  ],
  'a name twice': [Buffer.concat([header(), header(), END]), /out of order or repeated/],
  'names out of order': [archiveOf([fileOf('b'), fileOf('a')]), /out of order/],
  'names that differ in case': [archiveOf([fileOf('A'), fileOf('a')]), /ignore case/],
  'a hard link': [lone({ type: '1', link: 'a' }), /no plain file/],
  'a character device': [lone({ type: '3' }), /no plain file/],
  'a block device': [lone({ type: '4' }), /no plain file/],
  'a folder entry': [lone({ path: 'x/', type: '5', mode: 0o755 }), /no plain file/],
  'a fifo': [lone({ type: '6' }), /no plain file/],
  'an old-style file': [lone({ type: '\0' }), /no plain file/],
  'a GNU long name': [lone({ type: 'L', size: 3 }, 'abc'), /no plain file/],
  'a global pax header': [lone({ type: 'g' }), /no plain file/],
  'a set-uid file': [lone({ mode: 0o4755 }), /no plain file/],
  'a file all may write': [lone({ mode: 0o666 }), /no plain file/],
  'a link that others may not follow': [lone({ type: '2', mode: 0o644, link: 'a' }), /header/],
  'a link with content': [lone({ type: '2', mode: 0o777, size: 1, link: 'a' }), /mixes up/],
  'a file with a link target': [lone({ link: 'a' }), /mixes up/],
  'a file that says it is huge': [lone({ size: 0o77777777777 }), /above \d+ bytes/],
  'a pax header for a short name': [
    Buffer.concat([
      lone({ type: 'x', path: '@PaxHeader', size: 9 }, '9 path=y\n').subarray(0, 1024),
      lone({}),
    ]),
    /header that this product does not write/,
  ],
  'a pax header with a size of its own': [
    Buffer.concat([
      lone({ type: 'x', path: '@PaxHeader', size: 10 }, '10 size=9\n').subarray(0, 1024),
      lone({}),
    ]),
    /header that this product does not write/,
  ],
  'an oversized pax header': [lone({ type: 'x', size: 1_000_000 }), /oversized/],
  'no end': [header(), /end too early/],
  'one end block': [Buffer.concat([header(), new Uint8Array(512)]), /end too early/],
  'bytes after the end': [Buffer.concat([lone({}), new Uint8Array(512)]), /goes on after its end/],
  'nothing at all': [new Uint8Array(0), /end too early/],
  'bytes in the padding': [lone({ size: 1 }, 'ab'), /hides bytes/],
  'a size beyond the bytes': [lone({ size: 4096 }), /end too early/],
  noise: [createHash('shake256', { outputLength: 2048 }).update('noise').digest(), /./],
};

describe('a hostile archive', () => {
  async function read(archive: Uint8Array): Promise<string[]> {
    const paths: string[] = [];
    for await (const { entry, content } of archiveEntries(
      new ByteReader([archive]),
      DEFAULT_ARCHIVE_LIMITS,
    )) {
      let left = entry.size;
      for await (const piece of content) left -= piece.length;
      assert.equal(left, 0);
      paths.push(entry.path);
    }
    return paths;
  }

  for (const [what, [archive, reason]] of Object.entries(EVIL)) {
    it(`is refused for ${what}`, () => assert.rejects(read(archive), reason));
  }

  it('is not what a hand-made but honest archive is taken for', async () => {
    assert.deepEqual(await read(lone({ size: 3 }, 'abc')), ['x']);
  });
});
