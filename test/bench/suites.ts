import type { Suite } from './suite.ts';

/** Loaded one by one: a suite that cannot be loaded spoils no other. In the order they are run. */
export const SUITES: Readonly<Record<string, () => Promise<{ suite: Suite }>>> = {
  delay: () => import('./suites/delay.ts'),
  throughput: () => import('./suites/throughput.ts'),
  wire: () => import('./suites/wire.ts'),
  ready: () => import('./suites/ready.ts'),
  hop: () => import('./suites/hop.ts'),
  virtual: () => import('./suites/virtual.ts'),
  dissemination: () => import('./suites/dissemination.ts'),
  objectives: () => import('./suites/objectives.ts'),
  evidence: () => import('./suites/evidence.ts'),
  ledger: () => import('./suites/ledger.ts'),
  firstRun: () => import('./suites/firstRun.ts'),
  packing: () => import('./suites/packing.ts'),
  upgrade: () => import('./suites/upgrade.ts'),
  layout: () => import('./suites/layout.ts'),
  page: () => import('./suites/page.ts'),
};
