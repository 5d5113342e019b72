import type { CapsuleService } from '../../model/capsule.ts';
import type { LaidOutTree } from '../../model/laidOutTrees.ts';
import { isProgram, type ProgramService } from '../../model/registry.ts';
import type { ServiceContent } from '../../wire/report.ts';
import { MachineProgram } from './machineProgram.ts';
import { ServiceTree } from './serviceTree.ts';
import type { SupervisorOptions } from './supervisor.ts';

type Reporting = (
  services: readonly Pick<CapsuleService, 'name'>[],
  action: () => Promise<void>,
) => Promise<void>;

/** What services of one node are started from: folders that are laid out and built, and programs of the machine. */
export class PreparedServices {
  readonly #options: SupervisorOptions;
  /** By service: those that share one have the same. */
  readonly #trees = new Map<string, ServiceTree>();
  readonly #programs = new Map<string, MachineProgram>();
  readonly #reportingFailure: Reporting;

  /** @param reportingFailure says of which services an action is, when it fails */
  constructor(options: SupervisorOptions, reportingFailure: Reporting) {
    this.#options = options;
    this.#reportingFailure = reportingFailure;
  }

  /** @throws MeshSimError the first failure */
  async prepare(): Promise<void> {
    const { trees, manifest } = this.#options;
    await Promise.all([
      ...trees.map((tree) => this.#prepareTree(tree)),
      ...manifest.services.filter(isProgram).map((service) => this.#prepareProgram(service)),
    ]);
  }

  /** What the node runs, measured on its disk. */
  async contents(): Promise<ServiceContent[]> {
    const found = new Map(
      await Promise.all(
        [...new Set(this.#trees.values())].map(
          async (tree) => [tree, await tree.contentOnDisk()] as const,
        ),
      ),
    );
    return [...this.#trees].flatMap(([service, tree]) => {
      const content = found.get(tree);
      return content === undefined ? [] : [{ service, ...content }];
    });
  }

  /** Where a service is started. */
  folderOf(service: CapsuleService): string {
    const folder = isProgram(service)
      ? this.#programs.get(service.name)?.folder
      : this.#trees.get(service.name)?.folderOf(service);
    return folder ?? '';
  }

  /** Undefined: it is no program of the machine. */
  programOf({ name }: CapsuleService): string | undefined {
    return this.#programs.get(name)?.fileToStart();
  }

  async #prepareProgram(service: ProgramService): Promise<void> {
    const program = new MachineProgram({
      ...this.#options,
      service,
      onStart: (found) => this.#options.onProgram(service.name, found),
    });
    this.#programs.set(service.name, program);
    await this.#reportingFailure([service], () => program.prepare());
  }

  async #prepareTree(laidOut: LaidOutTree): Promise<void> {
    const { manifest, onStatus, onLine } = this.#options;
    const here = laidOut.services.filter(({ name }) =>
      manifest.services.some((service) => service.name === name),
    );
    const [owner] = here;
    if (owner === undefined) return;
    const tree = new ServiceTree({
      ...this.#options,
      tree: laidOut,
      owner,
      onStatus: (status, details) => onStatus(owner.name, status, details),
      onLine: (stream, text) => onLine(owner.name, stream, text),
    });
    for (const { name } of here) this.#trees.set(name, tree);
    await this.#reportingFailure(here, () => tree.prepare());
  }
}
