import { ChargeBook } from './chargeBook.mjs';
import { Refusal, serve } from './http.mjs';

const book = new ChargeBook();
const currency = process.env.CURRENCY;

serve('payments', {
  'GET /healthz': () => ({ ok: true }),

  'POST /charges': ({ order, cents }) => {
    if (typeof order !== 'string') throw new Refusal(400, 'a charge needs an order');
    if (!Number.isInteger(cents) || cents <= 0) throw new Refusal(400, 'a charge needs cents');
    return { ...book.capture(order, cents), currency };
  },
});
