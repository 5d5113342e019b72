export const BACKSLASH = 0x5c;
export const PERCENT = 0x25;
export const AMPERSAND = 0x26;
/** Begins what steers a terminal: colours, mostly. */
export const ESC = 0x1b;

export const ESCAPE_STARTS = [BACKSLASH, PERCENT, AMPERSAND, ESC];

/** The bytes that may still become an escape when more of them come. */
export const OPEN = -1;
/** Nothing that follows makes an escape of these bytes. */
export const NONE = -2;
/** These bytes stand for no character: they steer a terminal. */
export const NOTHING = -3;

/** ECMA-48, section 5.4 (`ESC [ 31 m`), and ECMA-35, section 13.2 (`ESC ( B`), or what may still become one of them. */
const TERMINAL = /^(?:\[[0-?]*[ -/]*(?<end>[@-~]?)|[ -/]+(?<set>[0-~]?))$/;

const CONTROLS = new Map([
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['b', 0x08],
  ['f', 0x0c],
  ['v', 0x0b],
]);

/** HTML 5.2, section 8.5: the names of ASCII characters, then those of U+00A0 to U+00FF in order. */
const ASCII_NAMES =
  'quot" amp& lt< gt> apos\' excl! num# dollar$ percnt% lpar( rpar) ast* plus+ comma, period. sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace}';
const LATIN_NAMES =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const NAMED = new Map([
  ...ASCII_NAMES.split(' ').map(
    (one) => [one.slice(0, -1), one.charCodeAt(one.length - 1)] as const,
  ),
  ...LATIN_NAMES.split(' ').map((name, i) => [name, 0xa0 + i] as const),
  ['euro', 0x20ac] as const,
]);
/** What may still become one of these names. */
export const NAME_BEGINNINGS = new Set(
  [...NAMED.keys()].flatMap((name) => Array.from(name, (_, i) => name.slice(0, i + 1))),
);

export function isEscapeStart(byte: number): boolean {
  return byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND || byte === ESC;
}

/**
 * What the escape stands for that begins at `from` and takes all bytes to the end: a byte for `%41`, else a code point
 * (or a UTF-16 unit, as JSON writes them); NOTHING, OPEN or NONE.
 */
export function escapeIn(bytes: readonly number[], from: number): number {
  const count = bytes.length - from - 1;
  if (count === 0) return OPEN;
  if (bytes[from] === PERCENT) return digitsIn(bytes, from + 1, 2, 16);
  const text = String.fromCharCode(...bytes.slice(from + 1));
  if (bytes[from] === ESC) return terminalCode(text);
  return bytes[from] === AMPERSAND ? entity(text) : backslashed(bytes, from, text);
}

function terminalCode(text: string): number {
  const { end, set } = TERMINAL.exec(text)?.groups ?? {};
  const last = end ?? set;
  if (last === undefined) return NONE;
  return last === '' ? OPEN : NOTHING;
}

function backslashed(bytes: readonly number[], from: number, text: string): number {
  const kind = text.charAt(0);
  const control = CONTROLS.get(kind);
  if (control !== undefined) return control;
  if (kind === 'x') return digitsIn(bytes, from + 2, 2, 16);
  if (kind === 'U') return digitsIn(bytes, from + 2, 8, 16);
  if (kind === 'u') {
    return text.charAt(1) === '{' ? braced(text.slice(2)) : digitsIn(bytes, from + 2, 4, 16);
  }
  return kind >= '0' && kind <= '3' ? digitsIn(bytes, from + 1, 3, 8) : NONE;
}

function braced(text: string): number {
  const match = /^([0-9a-f]{0,6})(\}?)$/i.exec(text);
  if (match === null) return NONE;
  return match[2] === '' ? OPEN : codePoint(Number.parseInt(match[1] ?? '', 16));
}

function entity(text: string): number {
  if (text.startsWith('#')) {
    const match = /^#(x?)([0-9a-f]{0,8})(;?)$/i.exec(text);
    if (match === null) return NONE;
    const radix = match[1] === '' ? 10 : 16;
    return match[3] === '' ? OPEN : codePoint(Number.parseInt(match[2] ?? '', radix));
  }
  if (text.endsWith(';')) return NAMED.get(text.slice(0, -1)) ?? NONE;
  return NAME_BEGINNINGS.has(text) ? OPEN : NONE;
}

function digitsIn(bytes: readonly number[], from: number, wanted: number, radix: 8 | 16): number {
  let value = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const digit = digitOf(bytes[at] ?? 0);
    if (digit >= radix) return NONE;
    value = value * radix + digit;
  }
  return bytes.length - from < wanted ? OPEN : codePoint(value);
}

/** Of a hexadecimal digit; 99 for all else. */
export function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : 99;
}

function codePoint(value: number): number {
  return value <= 0x10ffff ? value : NONE;
}
