import path from 'node:path';
import { execa } from 'execa';
import { meshSimInProcess } from './commandInProcess.ts';
import { temporaryFolder } from './harborPay.ts';

export const DIST = path.join(import.meta.dirname, '../../dist');

export interface CommandOutcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The two commands as a user runs them: the bundles, as processes, with keys of their own. */
export interface CommandLine {
  readonly configFolder: string;
  /** `MESH_SIM_CONFIG`, `MESH_SIM_CACHE` and what else the commands are given. */
  readonly environment: NodeJS.ProcessEnv;
  meshSim(args: readonly string[], cwd: string): Promise<CommandOutcome>;
  verifySim(args: readonly string[], cwd: string): Promise<CommandOutcome>;
}

/**
 * The same, but mesh-sim runs in the process of the test: for tests that ask much, beside one that starts the commands they ask.
 */
export async function createCommandLineInProcess(): Promise<CommandLine> {
  const commands = await createCommandLine();
  return {
    ...commands,
    meshSim: (args, cwd) => meshSimInProcess(args, cwd, commands.environment),
  };
}

/**
 * @param given the config folder with their keys; left out: a new one
 * @param more variables
 */
export async function createCommandLine(
  given?: string,
  more: NodeJS.ProcessEnv = {},
): Promise<CommandLine> {
  const own = await temporaryFolder();
  const configFolder = given ?? path.join(own, 'config');
  const environment = {
    ...process.env,
    MESH_SIM_CONFIG: configFolder,
    MESH_SIM_CACHE: path.join(own, 'cache'),
    NO_COLOR: '1',
    ...more,
  };
  const runner = (bundle: string) => async (args: readonly string[], cwd: string) => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [path.join(DIST, bundle), ...args],
      { cwd, env: environment, extendEnv: false, reject: false, stdin: 'ignore' },
    );
    return { exitCode, stdout, stderr };
  };
  return {
    configFolder,
    environment,
    meshSim: runner('meshSim.cjs'),
    verifySim: runner('verifySim.cjs'),
  };
}
