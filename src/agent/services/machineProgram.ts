import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { CapsuleService } from '../../model/capsule.ts';
import { isProgram, type Command, type ProgramService } from '../../model/registry.ts';
import type { FoundProgram } from '../../model/requiredProgram.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { Box } from '../box/box.ts';
import type { ServiceProcesses } from '../nodeProcesses.ts';
import {
  requiredProgram,
  stampOf,
  VERSION_LIMIT_MS,
  type Answer,
  type RequiredProgram,
} from './programLook.ts';
import { ServiceProcess } from './serviceProcess.ts';

export interface MachineProgramOptions {
  readonly service: ProgramService;
  readonly nodeId: string;
  /** `<node folder>/services`. */
  readonly servicesFolder: string;
  readonly hostPath: string;
  /** The part of the host's search path that cannot be seen in the box. */
  readonly hiddenPath: string;
  readonly redactor: Redactor;
  readonly processes: ServiceProcesses;
  /** Where it is asked, and runs; undefined: on the host. */
  readonly box: Box | undefined;
  /** It is about to be started. */
  readonly onStart: (found: FoundProgram) => void;
}

/** The run of a program that is asked for its version, among the health commands of its service. */
const VERSION_CHECK = 'version';

/** The program of a service that is the machine's own, as this node finds it. */
export class MachineProgram {
  /** Where it runs: an empty one. */
  readonly folder: string;
  readonly #options: MachineProgramOptions;
  #found: RequiredProgram | undefined;

  constructor(options: MachineProgramOptions) {
    this.#options = options;
    this.folder = path.join(options.servicesFolder, options.service.name);
  }

  /** @throws MeshSimError `program-missing` */
  async prepare(): Promise<void> {
    const { service, nodeId, box, hostPath, hiddenPath } = this.#options;
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
    this.#found = await requiredProgram(service, {
      where: nodeId,
      hostPath,
      hiddenPath,
      hides: (file) => box?.view?.hides(file) ?? false,
      ask: (command) => this.#ask(command),
    });
  }

  /**
   * The file to execute for the program's name, each time the service is started.
   * @throws MeshSimError `program-missing` when it is no longer the one whose digest was told
   */
  fileToStart(): string {
    const { service, nodeId, onStart } = this.#options;
    if (this.#found === undefined) {
      throw new MeshSimError('internal', `The program of "${service.name}" was not looked for.`);
    }
    const { stamp, ...found } = this.#found;
    if (stamp !== currentStamp(found.path)) {
      throw new MeshSimError(
        'program-missing',
        `${found.path}, the program of service "${service.name}", was replaced while ${nodeId} ran: run again.`,
      );
    }
    onStart(found);
    return found.path;
  }

  /** In its own environment it may lack what it takes to answer; the search path is what most need. */
  async #ask([first = '', ...rest]: readonly string[]): Promise<Answer> {
    const { service, hostPath, processes } = this.#options;
    const said = { stdout: '', stderr: '' };
    const run = new ServiceProcess({
      ...this.#options,
      command: [first, ...rest],
      check: VERSION_CHECK,
      folder: this.folder,
      env: { PATH: hostPath },
      onLine: (stream, text) => {
        said[stream] += `${text}\n`;
      },
    });
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      limit = setTimeout(() => resolve(undefined), VERSION_LIMIT_MS);
    });
    const exit = await Promise.race([run.exited, late]);
    clearTimeout(limit);
    if (exit?.code !== 0 && run.pid !== undefined) {
      await processes.endCheck(service.name, VERSION_CHECK, run.pid);
    }
    if (exit?.cause !== undefined) throw exit.cause;
    const text = said.stdout + said.stderr;
    if (exit === undefined) return { text, fault: `it took longer than ${VERSION_LIMIT_MS} ms` };
    return exit.code === 0 ? { text } : { text, fault: `it ${exit.words}` };
  }
}

function currentStamp(file: string): string | undefined {
  try {
    return stampOf(file);
  } catch {
    return undefined;
  }
}

/** What was looked at, and is told of in evidence, is what is executed. */
export function startOf(
  service: CapsuleService,
  start: Command,
  program: string | undefined,
): Command {
  const isNamed = isProgram(service) && start[0] === service.program.requires;
  return program === undefined || typeof start === 'string' || !isNamed
    ? start
    : [program, ...start.slice(1)];
}
