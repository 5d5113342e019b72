import { UpgradeConductor } from '../../src/mesh/upgrade/conductor.ts';
import type { UpgradeEvent } from '../../src/mesh/upgrade/upgradeIo.ts';
import { upgradePlanSchema, type UpgradePlan } from '../../src/model/upgradePlan.ts';
import type { CapsuleVersion } from '../../src/model/upgradeReport.ts';

const FROM = 'a'.repeat(64);

function wordsOf(event: UpgradeEvent): string {
  switch (event.kind) {
    case 'wave-begun':
      return `wave ${event.wave} to ${event.to}: ${event.nodes.join(' ')}`;
    case 'wave-switched':
      return `wave ${event.wave} switched`;
    case 'wave-ended':
      return `wave ${event.wave} ${event.outcome}${event.isLast ? ', the last' : ''}`;
    case 'window':
      return `window ${event.window}`;
    case 'halted':
      return `halted ${event.node}`;
    case 'rollback':
      return `back: ${event.reason}`;
    case 'ended':
      return `ended ${event.outcome}`;
  }
}

/** Two nodes that are upgraded one after the other, and a diary of what was done. */
export class ConductorBench {
  readonly conductor: UpgradeConductor;
  /** What the upgrade came to. */
  details = '';
  #diary: string[] = [];

  constructor(upgrade: Partial<UpgradePlan> = {}, nodes = 2, hasChecks = false) {
    const plan = { from: FROM, order: 'listed', rollback: 'never', ...upgrade };
    const options = { upgrade: upgradePlanSchema.parse(plan), nodes, seed: 1 };
    this.conductor = new UpgradeConductor(options, {
      timer: (afterMs) => this.#diary.push(`timer ${afterMs}`),
      ...(hasChecks && {
        check: (window: string, wave: number) => this.#diary.push(`check ${window} ${wave}`),
      }),
      move: (node, to) => this.#diary.push(`move ${node} ${to}`),
      takeOver: (nodes) => this.#diary.push(`take over ${nodes.join(' ')}`),
      giveUp: (nodes) => this.#diary.push(`give up ${nodes.join(' ')}`),
      tell: (event) => {
        if (event.kind === 'ended') this.details = event.details;
        this.#diary.push(wordsOf(event));
      },
    });
  }

  /** What was done since it was last asked. */
  done(): string[] {
    const done = this.#diary;
    this.#diary = [];
    return done;
  }

  /** All serve the old Capsule, hold the new one, and the first wave begins. */
  begin(nodes = 2): void {
    for (let node = 0; node < nodes; node++) {
      this.conductor.onServing(node, 'old');
      this.conductor.onStaged(node);
    }
    this.conductor.onTimer();
    this.done();
  }

  serve(node: number, version: CapsuleVersion): string[] {
    this.conductor.onServing(node, version);
    return this.done();
  }

  checked(...failures: string[]): string[] {
    this.conductor.onChecked(failures);
    return this.done();
  }

  ring(): string[] {
    this.conductor.onTimer();
    return this.done();
  }
}
