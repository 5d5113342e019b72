import type Mocha from 'mocha';
import { record } from './record.ts';

/** A reporter of the mocha that `Base` is of: it tells the runner of the suite what happens. */
export function recorderOn(Base: typeof Mocha.reporters.Base): Mocha.ReporterConstructor {
  return class Recorder extends Base {
    #depth = -1;

    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      runner.on('suite', ({ root, title }) => {
        this.#depth += 1;
        if (!root) record({ type: 'suite', title, depth: this.#depth });
      });
      runner.on('suite end', () => (this.#depth -= 1));
      runner.on('pass', ({ title, duration = 0 }) =>
        record({ type: 'pass', title, depth: this.#depth, milliseconds: duration }),
      );
      runner.on('pending', ({ title }) => record({ type: 'pending', title, depth: this.#depth }));
      runner.on('fail', ({ title }, error: Error) =>
        record({
          type: 'fail',
          title,
          depth: this.#depth,
          error: error.stack ?? error.message,
        }),
      );
    }
  };
}
