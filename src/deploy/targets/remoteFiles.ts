import { foldersOf, WHOLE_RELEASE, type SignedFile } from '../signedFiles.ts';

const ALTERED = /^altered:(.*)$/;
const COMPARED = /^compared:(\d+):(\d+)$/;

/**
 * A POSIX shell script that compares a folder with the list in its standard input, in one go: first kinds, modes and links,
 * which the shell reads itself, then contents, by what `sha256sum -c` says of each. It names what differs, and ends with how many
 * kinds and how many contents are as signed: what fails or stays silent has compared nothing.
 * @param release quoted for the shell
 */
export function compareScript(release: string): string {
  return [
    'LC_ALL=C; export LC_ALL',
    "if command -v sha256sum >/dev/null; then sums=sha256sum; elif command -v shasum >/dev/null; then sums='shasum -a 256'",
    'else echo "neither sha256sum nor shasum is there" >&2; exit 1; fi',
    `if [ ! -d ${release} ] || [ -L ${release} ] || ! cd ${release}; then echo "altered:${WHOLE_RELEASE}"; echo compared:0:0; exit 0; fi`,
    'kinds=0',
    'while IFS= read -r kind && [ "$kind" != end ] && IFS= read -r name; do',
    '  case $kind in',
    '    folder) [ -d "./$name" ] && [ ! -L "./$name" ] ;;',
    '    file) [ -f "./$name" ] && [ ! -L "./$name" ] && [ ! -x "./$name" ] ;;',
    '    executable) [ -f "./$name" ] && [ ! -L "./$name" ] && [ -x "./$name" ] ;;',
    '    *) IFS= read -r leads; [ -L "./$name" ] && [ "$(readlink "./$name")" = "$leads" ] ;;',
    '  esac && kinds=$((kinds + 1)) || printf "altered:%s\\n" "$name"',
    'done',
    '$sums -c - 2>/dev/null | {',
    '  same=0',
    '  while IFS= read -r line; do',
    '    case $line in',
    '      *": OK") same=$((same + 1)) ;;',
    '      *": FAILED"*) printf "altered:%s\\n" "${line%: FAILED*}" ;;',
    '    esac',
    '  done',
    '  echo "compared:$kinds:$same"',
    '}',
  ].join('\n');
}

/** What the script reads. No name in a Capsule has a line break, a backslash or a colon: see safePath.ts. */
export function compareList(files: readonly SignedFile[]): Buffer {
  const lines = withContent(files).map(({ path, content }) => `${content}  ${path}\n`);
  return Buffer.from(`${kindsOf(files).join('')}end\n${lines.join('')}`);
}

/**
 * Paths the script found to differ, or as many as the session keeps lines of. Undefined: it did not come to its end, or did not
 * see everything, so nothing follows from it.
 */
export function alteredIn(
  lines: readonly string[],
  files: readonly SignedFile[],
): string[] | undefined {
  const told = lines.map((line) => COMPARED.exec(line)).findLast(Boolean);
  if (told === undefined || told === null) return undefined;
  const altered = [...new Set(lines.flatMap((line) => ALTERED.exec(line)?.[1] ?? []))];
  if (altered.length > 0) return altered;
  const [kinds, contents] = [kindsOf(files).length, withContent(files).length];
  return Number(told[1]) === kinds && Number(told[2]) === contents ? [] : undefined;
}

function kindsOf(files: readonly SignedFile[]): string[] {
  return [
    ...foldersOf(files).map((name) => `folder\n${name}\n`),
    ...files.map(
      ({ kind, path, content }) => `${kind}\n${path}\n${kind === 'link' ? `${content}\n` : ''}`,
    ),
  ];
}

function withContent(files: readonly SignedFile[]): SignedFile[] {
  return files.filter(({ kind }) => kind !== 'link');
}
