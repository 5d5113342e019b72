import { Refusal, serve } from './http.mjs';

const orders = process.env.ORDERS_URL;

serve('gateway', {
  /** The only door of the product is open when everything behind it is. */
  'GET /healthz': async () => {
    const response = await fetch(`${orders}/healthz`, { signal: AbortSignal.timeout(1_500) });
    if (!response.ok) throw new Refusal(503, 'orders is not healthy');
    return { ok: true };
  },

  'POST /bookings': async (booking) => {
    const response = await fetch(`${orders}/orders`, {
      method: 'POST',
      body: JSON.stringify(booking),
      signal: AbortSignal.timeout(3_000),
    });
    const answer = await response.json();
    if (!response.ok) throw new Refusal(response.status, answer.error);
    return { confirmed: true, order: answer };
  },
});
