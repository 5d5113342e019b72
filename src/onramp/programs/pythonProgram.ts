import type { Command } from '../../model/registry.ts';
import { fileIn, filesBelow, type ProductFiles } from '../files/productFiles.ts';
import type { ListeningPort, Said } from '../sketch.ts';
import type { Program } from './program.ts';

const PROJECT_FILES = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'manage.py', 'setup.py'];
const MAIN_FILES = [
  'main.py',
  'app.py',
  'server.py',
  'run.py',
  'worker.py',
  '__main__.py',
  'wsgi.py',
  'asgi.py',
];
const VENV = '.venv/bin';

/** Programs that a virtual environment brings along, and Python itself. */
const OF_VENV =
  /^(?:python(?:3(?:\.\d+)?)?|pip3?|gunicorn|uvicorn|hypercorn|daphne|waitress-serve|flask|celery|alembic|fastapi|streamlit|rq|huey_consumer|dramatiq|granian)$/;

/** A Python project, or a script without dependencies. Undefined: there is none. */
export function pythonProgram(files: ProductFiles, folder: string): Program | undefined {
  const isProject = PROJECT_FILES.some((name) => files.has(fileIn(folder, name)));
  const isScript = MAIN_FILES.some((name) => files.has(fileIn(folder, name)));
  if (!isProject && !isScript) return undefined;
  const build = installOf(files, folder);
  const hasVenv = build !== undefined;
  const found = startOf(files, folder);
  const adapt = (command: Command): Command => adapted(command, hasVenv);
  return {
    path: folder,
    ...(build === undefined ? {} : { build }),
    ...(found === undefined ? {} : { start: { ...found.start, value: adapt(found.start.value) } }),
    env: new Map(),
    ports: found?.port === undefined ? [] : [found.port],
    gaps: [],
    adapt,
  };
}

/** Undefined: it needs nothing but Python. */
function installOf(files: ProductFiles, folder: string): Said<string> | undefined {
  const has = (name: string) => files.has(fileIn(folder, name));
  const said = (value: string, name: string) => ({ value, source: fileIn(folder, name) });
  if (has('uv.lock')) return said('uv sync --frozen', 'uv.lock');
  if (has('poetry.lock')) {
    return said('POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install --no-interaction', 'poetry.lock');
  }
  if (has('Pipfile.lock')) return said('PIPENV_VENV_IN_PROJECT=1 pipenv sync', 'Pipfile.lock');
  const create = `python3 -m venv .venv && ${VENV}/pip install --disable-pip-version-check`;
  const requirements = files.text(fileIn(folder, 'requirements.txt')) ?? '';
  if (/^\s*[^#\s]/m.test(requirements)) {
    return said(`${create} -r requirements.txt`, 'requirements.txt');
  }
  const project = files.text(fileIn(folder, 'pyproject.toml')) ?? '';
  const needs = /^dependencies\s*=\s*\[\s*["'#]/m.test(project) || scriptOf(project) !== undefined;
  return needs ? said(`${create} .`, 'pyproject.toml') : undefined;
}

interface PythonStart {
  readonly start: Said<string[]>;
  readonly port?: ListeningPort;
}

function startOf(files: ProductFiles, folder: string): PythonStart | undefined {
  if (files.has(fileIn(folder, 'manage.py'))) {
    const source = fileIn(folder, 'manage.py');
    const value = ['python3', 'manage.py', 'runserver', '--noreload', '0.0.0.0:8000'];
    return { start: { value, source }, port: { value: 8_000, source } };
  }
  const project = fileIn(folder, 'pyproject.toml');
  const script = scriptOf(files.text(project) ?? '');
  if (script !== undefined) {
    return { start: { value: [`${VENV}/${script}`], source: `${project}, project.scripts` } };
  }
  const own = filesBelow(files, folder).filter((file) => file.endsWith('.py'));
  const main = MAIN_FILES.map((name) => fileIn(folder, name)).find((file) => files.has(file));
  return frameworkStart(files, folder, own) ?? plainStart(files, folder, main);
}

function scriptOf(project: string): string | undefined {
  return /^\[project\.scripts\]\s*\n\s*["']?([\w.-]+)["']?\s*=/m.exec(project)?.[1];
}

/** An application object that some server has to be started for. */
function frameworkStart(
  files: ProductFiles,
  folder: string,
  own: readonly string[],
): PythonStart | undefined {
  const wanted = ['requirements.txt', 'pyproject.toml', 'Pipfile']
    .map((name) => files.text(fileIn(folder, name)) ?? '')
    .join('\n');
  for (const file of own) {
    const text = files.text(file) ?? '';
    const [, name, kind] = /^(\w+)(?::\s*\w+)?\s*=\s*(FastAPI|Starlette|Flask)\(/m.exec(text) ?? [];
    if (name === undefined || text.includes('.run(')) continue;
    const below = folder === '.' ? file : file.slice(folder.length + 1);
    const module = `${below.replace(/\.py$/, '').replaceAll('/', '.')}:${name}`;
    const port = { value: kind === 'Flask' ? 5_000 : 8_000, source: file };
    const said = (...value: string[]) => ({ start: { value, source: file }, port });
    if (kind !== 'Flask') {
      return said('uvicorn', module, '--host', '0.0.0.0', '--port', `${port.value}`);
    }
    return wanted.includes('gunicorn')
      ? said('gunicorn', '--bind', `0.0.0.0:${port.value}`, module)
      : said('flask', '--app', module, 'run', '--host', '0.0.0.0', '--port', `${port.value}`);
  }
  return undefined;
}

function plainStart(
  files: ProductFiles,
  folder: string,
  main: string | undefined,
): PythonStart | undefined {
  if (main === undefined) return undefined;
  const below = folder === '.' ? main : main.slice(folder.length + 1);
  return { start: { value: ['python3', below], source: main } };
}

/** Images and Procfiles say `python`, which many systems only have as `python3`; what was installed is in the environment. */
function adapted(command: Command, hasVenv: boolean): Command {
  if (typeof command === 'string') {
    const line = command.replace(/(^|&&\s*|\bexec\s+)python(?=\s)/g, '$1python3');
    return hasVenv ? `export PATH="$PWD/${VENV}:$PATH"; ${line}` : line;
  }
  const [program = '', ...rest] = command;
  if (!OF_VENV.test(program)) return command;
  if (hasVenv) return [`${VENV}/${program}`, ...rest];
  return [program === 'python' ? 'python3' : program, ...rest];
}
