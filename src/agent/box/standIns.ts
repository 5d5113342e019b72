import { plainHost } from '../../model/hostPattern.ts';

/** Set aside for tests of networks (RFC 2544, C.2.2), so nobody's real address: 198.18.0.0/15. */
const FIRST = 198 * 2 ** 24 + 18 * 2 ** 16 + 1;
const COUNT = 2 ** 17 - 2;

/** Addresses that stand for names inside one box. */
export class StandIns {
  readonly #addresses = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** Always the same for the same name, however it is spelt. Undefined when all are given away. */
  addressOf(name: string): string | undefined {
    const plain = plainHost(name);
    const known = this.#addresses.get(plain);
    if (known !== undefined || this.#addresses.size >= COUNT) return known;
    const address = dotted(FIRST + this.#addresses.size);
    this.#addresses.set(plain, address);
    this.#names.set(address, name);
    return address;
  }

  /** In the spelling in which it was asked for first. */
  nameOf(address: string): string | undefined {
    return this.#names.get(address);
  }
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
