import { foldersOf, type SignedFile } from '../signedFiles.ts';

const ALTERED = /^altered:(.*)$/;
const FAILED = /^(.*): FAILED(?: open or read)?$/;

/**
 * A POSIX shell script that compares a folder with the list in its standard input, in one go: first kinds, modes and links,
 * which the shell reads itself, then what `sha256sum -c` reads.
 * @param release quoted for the shell
 */
export function compareScript(release: string): string {
  return [
    'LC_ALL=C; export LC_ALL',
    `cd ${release} || { echo altered:.; exit 0; }`,
    'while IFS= read -r kind && [ "$kind" != end ] && IFS= read -r name; do',
    '  case $kind in',
    '    folder) [ -d "./$name" ] && [ ! -L "./$name" ] ;;',
    '    file) [ -f "./$name" ] && [ ! -L "./$name" ] && [ ! -x "./$name" ] ;;',
    '    executable) [ -f "./$name" ] && [ ! -L "./$name" ] && [ -x "./$name" ] ;;',
    '    *) IFS= read -r leads; [ -L "./$name" ] && [ "$(readlink "./$name")" = "$leads" ] ;;',
    '  esac || printf "altered:%s\\n" "$name"',
    'done',
    'if command -v sha256sum >/dev/null; then sha256sum -c --quiet - 2>/dev/null; else shasum -a 256 -c --quiet - 2>/dev/null; fi',
    '[ $? -le 1 ] && echo compared',
  ].join('\n');
}

export function compareList(files: readonly SignedFile[]): Buffer {
  const kinds = [
    ...foldersOf(files).map((name) => `folder\n${name}\n`),
    ...files.map(
      ({ kind, path, content }) => `${kind}\n${path}\n${kind === 'link' ? `${content}\n` : ''}`,
    ),
  ];
  const sums = files.filter(({ kind }) => kind !== 'link');
  const lines = sums.map(({ path, content }) => `${content}  ${path}\n`);
  return Buffer.from(`${kinds.join('')}end\n${lines.join('')}`);
}

/** Paths the script found to differ. */
export function alteredIn(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => (ALTERED.exec(line) ?? FAILED.exec(line))?.[1] ?? []);
  return [...new Set(found)];
}
