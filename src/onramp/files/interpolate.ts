import { shortened } from '../../base/shortText.ts';

export interface Interpolated {
  readonly text: string;
  /** Names that were looked up, found or not. */
  readonly used: readonly string[];
  /** Names without a value and without a default. */
  readonly missing: readonly string[];
  /** `${NAME:?message}` of a name without a value. */
  readonly required?: { readonly name: string; readonly message: string };
  /** Begins with a `${` that no name follows, or that nothing closes. */
  readonly broken?: string;
}

/**
 * Compose's rules for `$NAME` and `${NAME}` with `:-`, `-`, `:?`, `?`, `:+` and `+`, nested; `$$` is one `$`. A name without a
 * value is empty, and told.
 */
export function interpolate(
  text: string,
  lookup: (name: string) => string | undefined,
): Interpolated {
  const reader = new Reader(text, lookup);
  const filled = reader.until('');
  const { used, missing, required, broken } = reader;
  return {
    text: filled,
    used: [...used],
    missing: [...missing],
    ...(required === undefined ? {} : { required }),
    ...(broken === undefined ? {} : { broken }),
  };
}

/** Of what is shown of a value, which may be long. */
const MOST_BROKEN = 30;

class Reader {
  readonly used = new Set<string>();
  readonly missing = new Set<string>();
  required: { name: string; message: string } | undefined;
  broken: string | undefined;
  /** Of what was read last. */
  #isClosed = false;
  readonly #text: string;
  readonly #lookup: (name: string) => string | undefined;
  #at = 0;

  constructor(text: string, lookup: (name: string) => string | undefined) {
    this.#text = text;
    this.#lookup = lookup;
  }

  /** Reads up to `end`, which is passed over; '' is the end of the text. */
  until(end: string): string {
    let out = '';
    while (this.#at < this.#text.length) {
      const rest = this.#text.slice(this.#at);
      if (end !== '' && rest.startsWith(end)) {
        this.#at += end.length;
        this.#isClosed = true;
        return out;
      }
      if (rest.startsWith('$$')) {
        out += '$';
        this.#at += 2;
        continue;
      }
      const [opening, plain, braced] = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*))/.exec(rest) ?? [];
      if (opening === undefined) {
        if (rest.startsWith('${')) this.broken ??= shortened(rest, MOST_BROKEN);
        out += rest[0] ?? '';
        this.#at += 1;
        continue;
      }
      this.#at += opening.length;
      out += plain === undefined ? this.#braced(braced ?? '') : this.#plain(plain);
    }
    this.#isClosed = false;
    return out;
  }

  #plain(name: string): string {
    const value = this.#look(name);
    if (value === undefined) this.missing.add(name);
    return value ?? '';
  }

  #braced(name: string): string {
    const begun = this.#at;
    const [operator = ''] = /^:?[-?+]/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += operator.length;
    const outer = { missing: [...this.missing], required: this.required };
    const word = this.until('}');
    if (!this.#isClosed) {
      this.broken ??= shortened(`\${${name}${this.#text.slice(begun)}`, MOST_BROKEN);
    }
    if (operator === '') return this.#plain(name);
    const value = this.#look(name);
    const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
    const kind = operator.at(-1);
    const isWordUsed = kind === '+' ? isSet : !isSet;
    if (!isWordUsed) {
      // What is not used may lack what it likes.
      this.missing.clear();
      for (const one of outer.missing) this.missing.add(one);
      this.required = outer.required;
      return kind === '+' ? '' : (value ?? '');
    }
    if (kind === '?') this.required ??= { name, message: word };
    return kind === '?' ? '' : word;
  }

  #look(name: string): string | undefined {
    this.used.add(name);
    return this.#lookup(name);
  }
}
