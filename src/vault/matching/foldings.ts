const LEFT_OUT = -1;
/** No secret can go on over such a byte. */
export const BREAK = -2;

const COMMA = 0x2c;
const COLON = 0x3a;

/** Makes one of the ways to write the same that differ only in characters between and around those that count. */
export interface Folding {
  /** By byte: what it is read as; negative: left out, or BREAK. */
  readonly map: Int16Array;
  /** One separator stands for a run of them, and none for those behind a colon. */
  readonly collapses: boolean;
}

function folding(fold: (character: string, byte: number) => number, collapses = false): Folding {
  // Made when there is a secret to look for: most programs of a run know none.
  let made: Int16Array | undefined;
  const make = () =>
    Int16Array.from({ length: 256 }, (_, byte) => fold(String.fromCharCode(byte), byte));
  return {
    get map() {
      return (made ??= make());
    },
    collapses,
  };
}

export const AS_IT_IS: Folding = folding((_, byte) => byte);

/**
 * Without white space and the marks that quote, join, wrap and fill: line breaks and indentation, quotes and the `+`
 * between quoted pieces, the `$` of `$'…'`, the `+` of forms, the `=` of base64 and quoted-printable.
 */
export const COMPACT: Folding = folding((character, byte) =>
  byte <= 0x20 || `'"\`+$=`.includes(character) ? LEFT_OUT : byte,
);

/** Digits of hexadecimal numbers, however they are set apart; `x` stays, so that `0x` can be told. */
export const HEX_DIGITS: Folding = folding((character, byte) => {
  if (/[0-9a-fx]/i.test(character)) return byte | 0x20;
  return byte <= 0x20 || `:,;-_.'"[](){}`.includes(character) ? LEFT_OUT : BREAK;
});

/** Decimal numbers with one comma between them, and a colon behind an index. */
export const DECIMALS: Folding = folding((character, byte) => {
  if (/[0-9:-]/.test(character)) return byte;
  if (byte <= 0x20 || ',;[](){}'.includes(character)) return COMMA;
  return `'"`.includes(character) ? LEFT_OUT : BREAK;
}, true);

export function isRepeatedSeparator(byte: number, last: number): boolean {
  return byte === COMMA && (last === COMMA || last === COLON);
}

/** As COMPACT makes of it. */
export function compact(bytes: Uint8Array): Buffer {
  const { map } = COMPACT;
  return Buffer.from(bytes.filter((byte) => (map[byte] ?? BREAK) >= 0));
}
