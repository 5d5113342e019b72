/**
 * Builds the extension from this checkout, installs it into VS Code and opens a product in it. install.sh and install.ps1
 * find Node.js and pass their options on. It runs before `npm ci`, by whatever Node.js the machine has: nothing but
 * Node.js itself is imported, and the version is checked before anything newer is used.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import { commitHarborPay } from './examples/harborPay.mjs';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const MANIFEST = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const EXTENSION = `${MANIFEST.publisher}.${MANIFEST.name}`;
const VSIX = path.join(ROOT, 'dist', `${MANIFEST.name}.vsix`);
const PREVIEW = `vscode://${EXTENSION}/preview`;
const NPM_MAJOR = 11;
const IS_WINDOWS = process.platform === 'win32';
/** A window takes this long to be there before an address can be handed to it; a later one is not harmed. */
const WINDOW_MS = 2_000;

const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 };

const HELP = `Builds Mesh-Sim Studio from this checkout, installs it into VS Code and opens a product in it.

  --folder <path>  open this folder
  --example        open the example, Harbor Pay, in a git repository of its own in your home folder
                   (default: the current folder if it has a mesh.services.json, else the example)
  --code <path>    VS Code's command, where it is not on the PATH as "code"
  --no-build       install dist/${MANIFEST.name}.vsix as it was built before
  --what-if        only print what would be done
  --help           print this
`;

/** What a person can mend; its message is one sentence. */
class Refusal extends Error {
  constructor(sentence, exitCode = EXIT.failed) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Windows starts .cmd files, such as npm and code, through its shell only, which does not quote for us. */
function spawn(command, args, options) {
  if (!IS_WINDOWS) return spawnSync(command, args, options);
  const quoted = (text) => (/[\s&()^]/.test(text) ? `"${text}"` : text);
  return spawnSync(quoted(command), args.map(quoted), { ...options, shell: true });
}

/** What a program prints, or undefined when it is not there or does not work. */
function outputOf(command, ...args) {
  const { status, stdout } = spawn(command, args, { encoding: 'utf8', cwd: ROOT });
  return status === 0 ? stdout.trim() : undefined;
}

/** The numbers of a version, at most three; undefined when the text has none. */
function versionIn(text) {
  return /(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
}

function isAtLeast(version, wanted) {
  const at = version.findIndex((part, index) => part !== wanted[index]);
  return at === -1 || version[at] > wanted[at];
}

function nodeProblem() {
  const wanted = versionIn(MANIFEST.engines.node);
  if (isAtLeast(versionIn(process.version), wanted)) return undefined;
  return `Node.js ${wanted.slice(0, 2).join('.')} or newer is needed and this is ${process.version}: get it from https://nodejs.org.`;
}

function gitProblem() {
  if (outputOf('git', '--version') !== undefined) return undefined;
  return 'git is missing: get it from https://git-scm.com/downloads or with the package manager of your system.';
}

function npmProblem() {
  const found = outputOf('npm', '--version');
  if (found !== undefined && versionIn(found)?.[0] >= NPM_MAJOR) return undefined;
  const state =
    found === undefined ? 'npm is missing' : `npm ${NPM_MAJOR} is needed and this is ${found}`;
  return `${state}: get it with "npm install --global npm@${NPM_MAJOR}", or with a newer Node.js.`;
}

/** Where installers put the command when they do not put it on the PATH. */
function codeCandidates() {
  const bin = path.join('bin', IS_WINDOWS ? 'code.cmd' : 'code');
  const folders = [
    process.env.LOCALAPPDATA &&
      path.join(process.env.LOCALAPPDATA, 'Programs', 'Microsoft VS Code'),
    process.env.ProgramFiles && path.join(process.env.ProgramFiles, 'Microsoft VS Code'),
    '/Applications/Visual Studio Code.app/Contents/Resources/app',
  ];
  const files = folders.filter(Boolean).map((folder) => path.join(folder, bin));
  return ['code', ...files.filter((file) => existsSync(file))];
}

/** VS Code's command and its version; code-server says "4.1.0 … with Code 1.139.1". */
function findCode(given) {
  for (const command of given === undefined ? codeCandidates() : [given]) {
    const printed = outputOf(command, '--version');
    if (printed === undefined) continue;
    const version = versionIn(/with Code (\S+)/.exec(printed)?.[1] ?? printed);
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

function codeProblem(code, given) {
  const wanted = versionIn(MANIFEST.engines.vscode);
  if (code === undefined && given !== undefined) {
    return `"${given}" is not VS Code's command: give the path of "code" with --code.`;
  }
  if (code === undefined) {
    return 'VS Code\'s command "code" is missing: get VS Code from https://code.visualstudio.com, or give the path of its command with --code.';
  }
  if (isAtLeast(code.version, wanted)) return undefined;
  return `VS Code ${wanted.slice(0, 2).join('.')} or newer is needed and this is ${code.version.join('.')}: update it.`;
}

/** Everything that is missing is told at once, a sentence each. */
function assertReady(problems) {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new Refusal(found.join('\n'));
}

function readOptions(args) {
  try {
    const { values } = util.parseArgs({
      args,
      options: {
        folder: { type: 'string' },
        example: { type: 'boolean' },
        code: { type: 'string' },
        'no-build': { type: 'boolean' },
        'what-if': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.folder !== undefined && values.example) {
      throw new Error('Give either --folder or --example.');
    }
    return values;
  } catch (error) {
    throw new Refusal(`${error.message}\n\n${HELP}`, EXIT.usage);
  }
}

/** The folder to open, and whether it is to be made from the example first. */
function chooseFolder({ folder, example }) {
  const isProduct = existsSync(path.resolve('mesh.services.json'));
  if (folder !== undefined || (isProduct && !example)) {
    const chosen = path.resolve(folder ?? '.');
    if (statSync(chosen, { throwIfNoEntry: false })?.isDirectory()) {
      return { folder: chosen, isExample: false };
    }
    throw new Refusal(`There is no folder ${chosen}: create it, or give another with --folder.`);
  }
  const home = path.join(os.homedir(), 'mesh-sim-harbor-pay');
  const isTaken = existsSync(home) && !existsSync(path.join(home, '.git'));
  if (isTaken && readdirSync(home).length > 0) {
    throw new Refusal(
      `${home} is there and is not the example: move it, or give a folder with --folder.`,
    );
  }
  return { folder: home, isExample: true };
}

/** Prints what it does, and does it unless only asked what it would do. */
class Steps {
  constructor(isWhatIf) {
    this.isWhatIf = isWhatIf;
  }

  /** @returns what the action does: a promise, where it takes its time */
  take(title, action) {
    say(this.isWhatIf ? `Would ${title}` : `→ ${title}`);
    return this.isWhatIf ? undefined : action();
  }

  run(title, failure, command, args) {
    this.take(`${title}: ${[path.basename(command), ...args].join(' ')}`, () => {
      const { status, signal, error } = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
      if (signal === 'SIGINT') throw new Refusal('Interrupted.', EXIT.interrupted);
      if (status !== 0) {
        const reason = error?.message ?? signal ?? `exit code ${status}`;
        throw new Refusal(`${failure} (${reason}); see the lines above.`);
      }
    });
  }
}

/** npm writes its hidden lockfile last, so one that is newer than ours means that all of it is installed. */
function areDependenciesInstalled() {
  const installed = statSync(path.join(ROOT, 'node_modules', '.package-lock.json'), {
    throwIfNoEntry: false,
  });
  return installed?.mtimeMs > statSync(path.join(ROOT, 'package-lock.json')).mtimeMs;
}

function buildPackage(steps) {
  if (areDependenciesInstalled()) say('Dependencies are installed already.');
  else
    steps.run('install dependencies', 'The dependencies could not be installed', 'npm', [
      'ci',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
    ]);
  steps.run('build', 'The build failed, and nothing was installed', 'npm', [
    'run',
    '--silent',
    'build',
  ]);
  steps.run('package the extension', 'Packaging failed, and nothing was installed', 'npm', [
    'run',
    '--silent',
    'package',
  ]);
}

function installExtension(steps, code) {
  const failure = 'VS Code did not install the extension';
  steps.run('install into VS Code', failure, code, ['--install-extension', VSIX, '--force']);
  steps.take(`check that VS Code has ${EXTENSION}`, () => {
    const installed = outputOf(code, '--list-extensions')?.toLowerCase().split(/\r?\n/) ?? [];
    if (!installed.includes(EXTENSION.toLowerCase()))
      throw new Refusal(`${failure}: it does not list it.`);
  });
}

/** Made beside its place and renamed: an interrupted run leaves no half of it. */
async function makeExample(folder) {
  const parent = mkdtempSync(`${folder}-`);
  try {
    const made = path.join(parent, 'harbor-pay');
    cpSync(path.join(ROOT, 'examples/harbor-pay'), made, { recursive: true });
    await commitHarborPay(made);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

async function openProduct(steps, code, { folder, isExample }) {
  if (isExample && existsSync(path.join(folder, '.git')))
    say(`The example is in ${folder} already.`);
  else if (isExample)
    await steps.take(`prepare the example in ${folder}`, () => makeExample(folder));
  steps.run('open the folder', 'VS Code did not open the folder', code, [folder]);
  steps.take('wait for the window', () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WINDOW_MS);
  });
  steps.run('show the Studio', 'VS Code did not take the address of the Studio', code, [
    '--open-url',
    PREVIEW,
  ]);
}

async function install(args) {
  assertReady([nodeProblem()]);
  const options = readOptions(args);
  if (options.help) {
    say(HELP);
    return;
  }
  const code = findCode(options.code);
  const npm = options['no-build'] ? undefined : npmProblem();
  assertReady([gitProblem(), npm, codeProblem(code, options.code)]);
  const product = chooseFolder(options);
  const steps = new Steps(options['what-if'] === true);
  if (!options['no-build']) buildPackage(steps);
  else if (!existsSync(VSIX)) {
    throw new Refusal(`There is no ${VSIX} yet: run this once without --no-build.`);
  }
  installExtension(steps, code.command);
  await openProduct(steps, code.command, product);
  say(
    steps.isWhatIf
      ? 'Nothing was changed.'
      : `Done. ${EXTENSION} is installed; ${product.folder} is open.`,
  );
}

try {
  await install(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? EXIT.failed;
}
