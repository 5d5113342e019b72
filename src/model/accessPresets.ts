import type { Access } from './access.ts';

/** Last miles people know by name. Apart from the schema, so that the page need not carry a validator. */
export const ACCESS_PRESETS = ['slow-3g', '3g', '4g', 'starlink', 'geostationary'] as const;
export type AccessPreset = (typeof ACCESS_PRESETS)[number];

const MBIT = 1_000_000;
const constant = (ms: number) => ({ kind: 'constant', ms }) as const;

/**
 * One-way delay in ms (half of the round trip that the source names), loss, and rates in bits per second.
 * - slow-3g: the "Slow 3G" that Chrome DevTools and WebPageTest are made for: 400 kbit/s either way, 400 ms round trip.
 * - 3g, 4g: WebPageTest's "Mobile 3G" (1.6 Mbit/s down, 768 kbit/s up, 300 ms) and "4G" (9 Mbit/s, 170 ms). None of the three
 *   names a loss or a jitter, so they have none.
 * - starlink: Michel et al., A First Look at Starlink Performance (IMC 2022): round trips of 20 ms at least and 50 ms in the
 *   median, 178 Mbit/s down and 17 Mbit/s up in the median, 0.4 % of packets lost. Every 15 s terminals are given other satellites;
 *   what that disturbs takes 215 ms (arXiv 2601.08439), 1.4 % of the time: p/(p + r) is that share, lossBad makes the mean
 *   0.4 %. A link counts in packets, not in seconds, so bursts of 16 packets on average stand for it, at no set time.
 * - geostationary: 600 ms round trip, as the same paper has it, 100 Mbit/s down and 10 Mbit/s up as its subscription.
 */
export const ACCESS_OF_PRESET: Readonly<Record<AccessPreset, Access>> = {
  'slow-3g': {
    preset: 'slow-3g',
    delay: constant(200),
    upBitsPerSecond: 400_000,
    downBitsPerSecond: 400_000,
  },
  '3g': {
    preset: '3g',
    delay: constant(150),
    upBitsPerSecond: 768_000,
    downBitsPerSecond: 1.6 * MBIT,
  },
  '4g': {
    preset: '4g',
    delay: constant(85),
    upBitsPerSecond: 9 * MBIT,
    downBitsPerSecond: 9 * MBIT,
  },
  starlink: {
    preset: 'starlink',
    delay: { kind: 'log-normal', shiftMs: 10, medianMs: 14, sigma: 0.5 },
    loss: { kind: 'gilbert-elliott', p: 0.0009, r: 0.0625, lossGood: 0, lossBad: 0.28 },
    upBitsPerSecond: 17 * MBIT,
    downBitsPerSecond: 178 * MBIT,
  },
  geostationary: {
    preset: 'geostationary',
    delay: constant(300),
    upBitsPerSecond: 10 * MBIT,
    downBitsPerSecond: 100 * MBIT,
  },
};

/** What the page's form and the help call them. */
export const ACCESS_LABELS: Readonly<Record<AccessPreset, string>> = {
  'slow-3g': 'slow 3G',
  '3g': '3G',
  '4g': '4G',
  starlink: 'Starlink',
  geostationary: 'geostationary satellite',
};
