import assert from 'node:assert/strict';
import { programsOf } from '../../../src/onramp/doctor/programsOf.ts';
import { missingPrograms } from '../../../src/onramp/doctor/registryChecks.ts';
import { registrySchema } from '../../../src/model/registry.ts';

describe('the programs that a command surely starts by name', () => {
  const told: Readonly<Record<string, readonly string[]>> = {
    'node s.js 2>&1 | tee log': ['node', 'tee'],
    'node s.js > out 2>>err < in &': ['node'],
    'node s.js &> log': ['node'],
    'exec 3</dev/tty': [],
    'exec node s.js': ['node'],
    'yes flood | head -c 9; read x; exit 3': ['yes', 'head'],
    'cd app && (npm ci; npm run build)': ['npm'],
    'node -e "a; b && c(d) # e"': ['node'],
    "sh -c 'one; two'": ['sh'],
    'A="x y" B=1 node s.js': ['node'],
    'A=$(one; two) node s.js': ['node'],
    'A=${B:-one; two} node s.js': ['node'],
    '$(npm bin)/tsc && `one` two': [],
    'if [ -f x ]; then node a; elif ! grep y z; then go run .; fi': ['node', 'grep', 'go'],
    '[[ -f x ]] && node s.js # then; more': ['node'],
    'for one in a b; do node $one; done': ['node'],
    'node s.js \\\n  --flag value': ['node'],
    'node s.js\nnpm run x': ['node', 'npm'],
    './bin/serve && "$PROGRAM" x && node_modules/.bin/tsx y': [],
    'node "never closed': [],
  };
  for (const [line, programs] of Object.entries(told)) {
    it(`are ${programs.join(', ') || 'none'} in ${JSON.stringify(line)}`, () => {
      assert.deepEqual(programsOf(line), programs);
    });
  }

  it('end where names may stand for something else', () => {
    for (const line of [
      'export PATH="$PWD/.venv/bin:$PATH"; gunicorn app:app',
      '. .venv/bin/activate && gunicorn app:app',
      'source env.sh; run',
      'serve() { one; }; serve',
      'case $A in a) one;; *) two;; esac',
      'eval "$(mise activate)"; one',
      'LIST=(one two)',
    ]) {
      assert.deepEqual(programsOf(line), [], line);
    }
    assert.deepEqual(programsOf('cat <<END\none two\nEND'), ['cat']);
  });

  it('are not missing where a service has a search path of its own', () => {
    const health = { command: ['true'] };
    const missing = (path: string) => {
      const env = { PATH: path };
      const service = { name: 'api', path: 'api', start: ['tsx', 'main.ts'], env, health };
      const registry = registrySchema.parse({ name: 'shop', services: [service] });
      return missingPrograms(registry.services, (program) => program === 'true').map(
        ({ about }) => about,
      );
    };
    assert.deepEqual(missing('${host.path}'), ['tsx']);
    assert.deepEqual(missing('node_modules/.bin:${host.path}'), []);
  });
});
