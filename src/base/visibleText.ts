/**
 * Text a person can trust is text that shows what it is: without control characters (C0, C1, line separators), without
 * characters that turn the direction of their neighbours (bidi), and without those that are not drawn at all (format
 * characters, joiners, fillers, variation selectors; Unicode's Default_Ignorable_Code_Point). One definition for names,
 * reasons and labels that are taken in, and for text of others that is shown.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** What draws nothing although it is no space: an accent without a letter, a blank Braille pattern. */
const BLANK = /[\p{White_Space}\p{M}\u2800]/u;

/** An emoji as people type it (UTS #51): selectors and joiners are part of one picture, as are the tags of three flags. */
const EMOJI =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}|\p{Extended_Pictographic}\p{EMod}?[\uFE0E\uFE0F]?(?:\u200D\p{Extended_Pictographic}\p{EMod}?\uFE0F?)*|[0-9#*]\uFE0F\u20E3/u;
const HIDDEN_OR_EMOJI = new RegExp(`${EMOJI.source}|${HIDDEN.source}`, 'gu');

function hiddenIn(text: string): string[] {
  if (!HIDDEN.test(text)) return [];
  return (text.match(HIDDEN_OR_EMOJI) ?? []).filter(isHidden);
}

/** An emoji has more than one character where it has a hidden one. */
function isHidden(piece: string): boolean {
  return HIDDEN.test(piece) && Array.from(piece).length === 1;
}

/** The first character of a text that a person does not see, as "U+200C"; undefined: they see all of it. */
export function hiddenCharacter(text: string): string | undefined {
  const [first] = hiddenIn(text);
  if (first === undefined) return undefined;
  return `U+${(first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text of others, fit to be shown: each hidden character becomes U+FFFD, so that it is seen and steers nothing. */
export function printable(text: string): string {
  if (!HIDDEN.test(text)) return text;
  return text.replaceAll(HIDDEN_OR_EMOJI, (piece) => (isHidden(piece) ? '\uFFFD' : piece));
}

/** As `printable`, for text of several lines: line feeds and tabs stay. */
export function printableLines(text: string): string {
  if (!HIDDEN.test(text)) return text;
  return text.replaceAll(/[^\n\t]+/g, printable);
}

/** How many characters (code points) of a text draw something. */
export function visibleCharacters(text: string): number {
  return Array.from(text).filter((one) => !HIDDEN.test(one) && !BLANK.test(one)).length;
}

/** JSON for others to parse: the same value, with every hidden character as an escape that steers no terminal. */
export function printableJson(json: string): string {
  if (!HIDDEN.test(json)) return json;
  return json.replaceAll(new RegExp(HIDDEN.source, 'gu'), (one) =>
    one
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
