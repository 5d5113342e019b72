import type { InvariantName } from '../../src/model/invariants.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import type { TinyService } from '../support/tinyProduct.ts';

/** One commit of a product. */
export interface Version {
  readonly services: readonly TinyService[];
  /** Of the registry, beside services: checks, workload. */
  readonly registry?: Readonly<Record<string, unknown>>;
}

/** A class of upgrade failures, as the smallest product that has it. */
export interface UpgradeFailure {
  /** In words with hyphens, for the command line. */
  readonly name: string;
  /** What goes wrong, one sentence for the table. */
  readonly looksLike: string;
  /** What its services run on: "Node.js". */
  readonly runsOn: string;
  /** Programs of the machine it takes; without them it is skipped by name. */
  readonly programs: readonly string[];
  /** Gets what is no program of a machine, once. Resolves to why it could not, one clause; then it is skipped, too. */
  readonly prepare?: () => Promise<string | undefined>;
  /** Beside the default plan: faults, places. */
  readonly plan?: Partial<PlanInput>;
  readonly old: Version;
  readonly broken: Version;
  /** The broken one, mended as its authors should have. */
  readonly fixed: Version;
  readonly foundBy: {
    readonly invariant: InvariantName;
    /** What its sentence has to name. */
    readonly says: RegExp;
  };
}
