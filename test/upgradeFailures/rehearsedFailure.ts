import { systemProgram } from '../../src/agent/services/program.ts';
import { sealRun } from '../../src/evidence/seal.ts';
import { isViolated } from '../../src/model/invariants.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import { rehearse } from '../support/realRun.ts';
import { CAPSULE_KEY } from '../support/sealedRun.ts';
import { wireHindrance } from '../support/talkingService.ts';
import { createTinyProduct, type TinyProduct } from '../support/tinyProduct.ts';
import type { UpgradeFailure } from './upgradeFailure.ts';

/** Of an upgrade on the command line. */
const DEADLINE_MS = 300_000;

/** Why this machine cannot show it; undefined: it can. */
export function hindranceOf({ programs }: UpgradeFailure): string | undefined {
  const missing = programs.find((name) => systemProgram(name) === undefined);
  return missing === undefined ? wireHindrance() : `${missing} is not on this machine`;
}

/** The three versions of a class, packed: what runs before, and what it is upgraded to. */
export class RehearsedFailure {
  readonly #failure: UpgradeFailure;
  readonly #old: TinyProduct;
  readonly #broken: TinyProduct;
  readonly #fixed: TinyProduct;

  private constructor(
    failure: UpgradeFailure,
    products: readonly [TinyProduct, TinyProduct, TinyProduct],
  ) {
    this.#failure = failure;
    [this.#old, this.#broken, this.#fixed] = products;
  }

  static async pack(failure: UpgradeFailure): Promise<RehearsedFailure> {
    const { old, broken, fixed } = failure;
    const packed = await createTinyProduct(old.services, {}, old.registry);
    const then = await packed.packedAs(broken.services, broken.registry);
    const mended = await then.packedAs(fixed.services, fixed.registry);
    return new RehearsedFailure(failure, [packed, then, mended]);
  }

  /** By the default plan, with short rests. What was observed is sealed: its record does not contradict itself. */
  async upgrade(to: 'broken' | 'fixed', seed: number): Promise<RunObservation> {
    const product = to === 'broken' ? this.#broken : this.#fixed;
    const { capsule, packEnvelope: envelope, publicKey } = this.#old;
    const before = { capsule, envelope, publicKey };
    const plan: Partial<PlanInput> = {
      seed,
      upgrade: {
        from: capsule.capsuleHash,
        strategy: { kind: 'rolling', batch: 1, pauseMs: 50 },
        workloadMs: 100,
      },
      deadlineMs: DEADLINE_MS,
      ...this.#failure.plan,
    };
    const { observation, options } = await rehearse(product, plan, { before });
    const { capsuleHash } = product.capsule;
    const { packEnvelope } = options;
    sealRun({ observation, capsuleHash, packEnvelope, key: CAPSULE_KEY, before });
    return observation;
  }

  /** The broken version where nothing ran before. */
  async firstStart(): Promise<RunObservation> {
    const { params, placement } = this.#failure.plan ?? {};
    const plan = {
      ...{ deadlineMs: DEADLINE_MS },
      ...(params && { params }),
      ...(placement && { placement }),
    };
    return (await rehearse(this.#broken, plan)).observation;
  }

  dispose(): Promise<void> {
    return this.#old.dispose();
  }
}

/** What was violated, with its sentence, and what the run said of itself. */
export function findingsOf({ outcome, cause, invariants }: RunObservation): string[] {
  const violated = invariants.filter(isViolated).map(({ name, details }) => `${name}: ${details}`);
  return [`${outcome}: ${cause ?? ''}`, ...violated];
}

/** Whether the run failed by what the class is to be found by, and says what it has to. */
export function isFound(
  { foundBy }: UpgradeFailure,
  { outcome, invariants }: RunObservation,
): boolean {
  const { invariant, says } = foundBy;
  const found = invariants.find(({ name }) => name === invariant);
  return outcome === 'fail' && found !== undefined && isViolated(found) && says.test(found.details);
}
