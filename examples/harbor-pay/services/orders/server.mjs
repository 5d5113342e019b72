import { readFileSync } from 'node:fs';
import { Refusal, serve } from './http.mjs';
import { keep, orders } from './store.mjs';

const tariffs = JSON.parse(readFileSync('dist/tariffs.json', 'utf8'));
const payments = process.env.PAYMENTS_URL;
let last = orders.length;

async function charge(order, cents) {
  const response = await fetch(`${payments}/charges`, {
    method: 'POST',
    body: JSON.stringify({ order, cents }),
    signal: AbortSignal.timeout(2_000),
  });
  if (!response.ok) throw new Refusal(502, 'payments refused the charge');
  return response.json();
}

serve('orders', {
  'GET /healthz': async () => {
    const response = await fetch(`${payments}/healthz`, { signal: AbortSignal.timeout(1_000) });
    if (!response.ok) throw new Refusal(503, 'payments is not healthy');
    return { ok: true, berths: Object.keys(tariffs).length };
  },

  'POST /orders': async ({ berth, season = 'summer', hours }) => {
    const perHour = tariffs[berth]?.[season];
    if (perHour === undefined) throw new Refusal(404, `no tariff for berth ${berth} in ${season}`);
    if (!Number.isInteger(hours) || hours <= 0) throw new Refusal(400, 'an order needs hours');
    const id = `or_${(last += 1)}`;
    const cents = perHour * hours;
    const charged = await charge(id, cents);
    keep({ id, berth, season, hours, cents });
    return { id, berth, hours, cents, charge: charged };
  },

  'GET /orders': async () => orders,
});
