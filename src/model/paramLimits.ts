/**
 * Bounds of a plan's numbers, used by its schema and by the page's form alike. Apart from the schema, so that
 * the page need not carry a validator.
 */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Node processes of a real run: what one machine carries. */
export const REAL_NODES: Bounds = { min: 2, max: 10 };
export const VIRTUAL_NODES: Bounds = { min: 2, max: 100_000 };
/** One-way delay of a link, ms. */
export const LATENCY_MS: Bounds = { min: 0, max: 60_000 };
export const LOSS_PERCENT: Bounds = { min: 0, max: 100 };
/** How long a run may take, ms. */
export const DEADLINE_MS: Bounds = { min: 1_000, max: 3_600_000 };
/** Of an upgrade for which nobody chose one: waves and their pauses take longer than a first start. */
export const UPGRADE_DEADLINE_MS = 300_000;
/** Between two waves of an upgrade, ms. */
export const PAUSE_MS: Bounds = { min: 0, max: 600_000 };
/** How long canaries run before the rest follows, ms. */
export const BAKE_MS: Bounds = { min: 0, max: 600_000 };
/** How long a mesh serves before, between and after the ways of an upgrade, ms. */
export const WORKLOAD_MS: Bounds = { min: 0, max: 600_000 };
/** 32 bits, unsigned. */
export const SEED: Bounds = { min: 0, max: 4_294_967_295 };
/** Characters of a revision a node drifts to. */
export const COMMIT_LENGTH: Bounds = { min: 4, max: 64 };
/** How many regions a topology has. */
export const REGION_COUNT: Bounds = { min: 2, max: 16 };
/** How many nodes of a plan have a last mile of their own. */
export const ACCESS_NODES = 64;
/** Rates of a last mile, bits per second. */
export const RATE_BITS: Bounds = { min: 1_000, max: 1e12 };
/** Characters of the name a last mile has for people. */
export const PRESET_NAME_LENGTH: Bounds = { min: 1, max: 40 };
