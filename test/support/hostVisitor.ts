import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { HostSpec } from '../../src/model/hosts.ts';
import { openKeeper } from '../../src/runtime/hosts/remote/openKeeper.ts';
import { PipesProcess } from '../../src/runtime/hosts/remote/pipesProcess.ts';
import { sha256OfFile } from '../../src/signing/fileDigest.ts';
import { COMPILED_CODE } from './compiledCode.ts';
import { DIST } from './commandLine.ts';

export interface VisitChoice {
  /** The keeper has to answer within it; left out: as in a run. */
  readonly limitMs?: number;
  /** Done once the keeper is there; its pipe is expected to end by that. */
  readonly harm?: () => void;
}

/** Opens keepers on hosts, without a run. */
export class HostVisitor {
  readonly #pipes: PipesProcess;
  #nodes = 0;

  /** @param environment the user's own */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#pipes = new PipesProcess({
      ...{ entry: path.join(DIST, 'pipes.cjs'), compileCacheFolder: COMPILED_CODE, environment },
      onFailure: () => undefined,
    });
  }

  /**
   * Resolves when nothing of it is there any more, to how it was lost; '': it was not.
   * @throws MeshSimError `host-failed`
   */
  async visit(host: string, spec: HostSpec, { limitMs, harm }: VisitChoice = {}): Promise<string> {
    const file = path.join(DIST, 'keeper.cjs');
    const simId = `visit-${randomUUID()}`;
    let onLost: (words: string) => void = () => undefined;
    const lost = new Promise<string>((resolve) => {
      onLost = resolve;
    });
    this.#nodes += 1;
    const { link, remove } = await openKeeper({
      ...{ pipes: this.#pipes, host, spec, node: this.#nodes, simId, nodeId: 'n0' },
      ...{ keeper: { file, digest: await sha256OfFile(file) }, mostMs: 60_000 },
      ...{ onAgent: () => undefined, onLost },
      ...(limitMs === undefined ? {} : { limitMs }),
    });
    harm?.();
    const words = harm === undefined ? '' : await lost;
    link.close();
    await remove?.();
    return words;
  }

  stop(): Promise<void> {
    return this.#pipes.stop();
  }
}
