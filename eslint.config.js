import { defineConfig } from 'eslint/config';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The rooms of src/ and what each may import, besides itself and base. Nothing points upward.
 * `signing` and `model` are below every room that handles signed data.
 */
const ROOMS = {
  base: [],
  model: ['base'],
  signing: ['base', 'model'],
  ledger: ['base', 'model', 'signing'],
  capsule: ['base', 'model', 'signing'],
  evidence: ['base', 'model', 'signing'],
  vault: ['base', 'model', 'signing'],
  network: ['base', 'model'],
  mesh: ['base', 'model', 'network'],
  agent: ['base', 'model', 'signing', 'capsule', 'network', 'mesh'],
  runtime: ['base', 'model', 'signing', 'capsule', 'network', 'mesh', 'agent'],
  deploy: ['base', 'model', 'signing', 'ledger', 'capsule', 'evidence', 'vault'],
  studio: [
    'base',
    'model',
    'signing',
    'ledger',
    'capsule',
    'evidence',
    'vault',
    'network',
    'mesh',
    'runtime',
    'deploy',
  ],
  cli: [
    'base',
    'model',
    'signing',
    'ledger',
    'capsule',
    'evidence',
    'network',
    'mesh',
    'runtime',
    'studio',
  ],
};

const zones = Object.entries(ROOMS).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `src/${room} may import only: ${[room, ...allowed].join(', ')}.`,
}));

const TIME_AND_CHANCE =
  'Below runtime/ there is no clock, no timer, no chance and no socket: take them through the port you are given.';

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.meshsim/', '.vscode-test/', 'coverage/'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.mjs', 'examples/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { typescript: true } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/{model,network,mesh,evidence}/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
          name,
          message: TIME_AND_CHANCE,
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: TIME_AND_CHANCE },
        { object: 'Math', property: 'random', message: TIME_AND_CHANCE },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            'node:net',
            'node:fs*',
            'node:child_process',
            'node:http*',
            'node:dgram',
            'node:timers*',
          ],
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
);
