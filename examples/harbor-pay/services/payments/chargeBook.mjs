/** Charges by order: asking again for the same order returns the charge it already has. */
export class ChargeBook {
  #charges = new Map();

  capture(order, cents) {
    const known = this.#charges.get(order);
    if (known) return known;
    const charge = { id: `ch_${this.#charges.size + 1}`, order, cents, status: 'captured' };
    this.#charges.set(order, charge);
    return charge;
  }
}
