import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { messageOf } from '../../../src/base/errors.ts';
import { settingsJson } from '../../support/vscodeServer/settings.ts';
import type { HostWindow } from './window.ts';

const EXTENSION = path.join(import.meta.dirname, '../../..');

/**
 * Runs the suite in a desktop VS Code: `VSCODE_EXECUTABLE`, else the version `VSCODE_TEST_VERSION` or the stable one,
 * which is downloaded. Throws an Error that says why there is none.
 */
export async function runOnDesktop(window: HostWindow): Promise<void> {
  const { workspace, folder, suite, environment, trust } = window;
  const executable = process.env.VSCODE_EXECUTABLE;
  const version = process.env.VSCODE_TEST_VERSION ?? 'stable';
  const settings = path.join(folder, 'user/User');
  await mkdir(settings, { recursive: true });
  await writeFile(path.join(settings, 'settings.json'), settingsJson(trust));
  try {
    await runTests({
      version,
      ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: EXTENSION,
      extensionTestsPath: suite,
      extensionTestsEnv: environment,
      launchArgs: [
        workspace,
        ...['--user-data-dir', path.join(folder, 'user')],
        ...['--extensions-dir', path.join(folder, 'extensions')],
        ...['--disable-extensions', '--skip-welcome', '--skip-release-notes'],
        ...(trust === 'trusted' ? ['--disable-workspace-trust'] : []),
      ],
    });
  } catch (error) {
    throw new Error(
      `Desktop VS Code (${executable ?? version}) did not run the suite: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
