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
  onramp: ['base', 'model', 'capsule'],
  evidence: ['base', 'model', 'signing', 'network', 'mesh'],
  reports: ['base', 'model', 'signing', 'evidence'],
  otlp: ['base', 'model', 'signing'],
  vault: ['base', 'model', 'signing'],
  network: ['base', 'model'],
  log: ['base', 'model'],
  mesh: ['base', 'model', 'network'],
  explore: ['base', 'model', 'mesh'],
  wire: ['base', 'model'],
  agent: ['base', 'model', 'signing', 'capsule', 'network', 'mesh', 'vault', 'wire'],
  runtime: ['base', 'model', 'signing', 'capsule', 'network', 'mesh', 'vault', 'wire', 'agent'],
  deploy: ['base', 'model', 'signing', 'ledger', 'capsule', 'evidence', 'vault'],
  studio: [
    'base',
    'model',
    'log',
    'signing',
    'ledger',
    'capsule',
    'evidence',
    'vault',
    'network',
    'mesh',
    'explore',
    'runtime',
    'deploy',
    'onramp',
  ],
  assistants: ['base', 'model', 'evidence', 'reports', 'studio'],
  mcp: ['base'],
  api: ['base', 'model', 'signing', 'evidence', 'studio'],
  cli: [
    'base',
    'model',
    'log',
    'signing',
    'ledger',
    'capsule',
    'evidence',
    'reports',
    'otlp',
    'network',
    'mesh',
    'explore',
    'runtime',
    'onramp',
    'studio',
    'assistants',
    'mcp',
    'api',
  ],
  host: ['base', 'model', 'signing', 'evidence', 'onramp', 'studio', 'assistants', 'api'],
};

const zones = Object.entries(ROOMS).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `src/${room} may import only: ${[room, ...allowed].join(', ')}.`,
}));

/** The page knows the shapes of model/ and, for types only, the routes of api/. */
const PAGE_ZONES = [
  {
    target: './webview',
    from: './src',
    except: ['./base', './model', './log', './api'],
    message: 'webview/ may import only log/, model/ and base/, and types of api/.',
  },
  {
    target: './src',
    from: './webview',
    message: 'Nothing in src/ imports the page.',
  },
  {
    target: './webview/draw',
    from: './webview/features',
    message: 'draw/ is told what to draw; it does not know the views.',
  },
];

const VSCODE_ONLY_IN_HOST = {
  name: 'vscode',
  message: 'Only src/host and src/extension.ts import vscode.',
  allowTypeImports: false,
};
const SMALL_ZOD = {
  name: 'zod',
  message: 'zod/mini says the same in a third of the code: every agent loads it before it boots.',
};
const TOOLKIT_ONLY_IN_UI = {
  group: ['@vscode/webview-ui-toolkit*'],
  message: 'The archived toolkit is used only inside webview/ui, one wrapper per component.',
};

/** What opens files in ways that follow a link, block in a FIFO or read a device; streams may only create. */
const ONLY_REGULAR_FILES = ['node:fs', 'node:fs/promises'].map((name) => ({
  name,
  importNames: [
    ...['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream', 'promises'],
    ...['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'default'],
  ],
  message: 'Others may have put a FIFO, a device or a link there: use base/regularFile.ts.',
}));
const STATEMENTS_BY_KIND = {
  group: ['**/signing/dsse.ts'],
  importNames: ['verifyEnvelope', 'signEnvelope'],
  message:
    'Envelopes are opened and signed by the kind of statement they hold: signing/statement.ts.',
};

const TIME_AND_CHANCE =
  'Below runtime/ there is no clock, no timer, no chance and no socket: take them through the port you are given.';

export default defineConfig(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.meshsim/',
      '.vscode-test/',
      'coverage/',
      '**/__results__/',
    ],
  },
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
      'import-x/no-restricted-paths': ['error', { zones: [...zones, ...PAGE_ZONES] }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels.' },
        {
          selector: "MemberExpression[object.name='z'][property.name=/^(core|locales)$/]",
          message: 'As a value it brings the whole of zod and its 60 languages into a bundle.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**', 'webview/**'],
    ignores: ['src/host/**', 'src/extension.ts', 'webview/ui/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [VSCODE_ONLY_IN_HOST, SMALL_ZOD],
          patterns: [TOOLKIT_ONLY_IN_UI, STATEMENTS_BY_KIND],
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: [
      'src/base/{regularFile,syncFolder}.ts',
      // Of a service's own process, and of /proc.
      'src/agent/guard/{refusal,callMeter}.ts',
      'src/agent/box/socketOwner.ts',
      'src/agent/processes/procfs.ts',
      'src/{model,log,network,mesh,explore,evidence,reports}/**',
    ],
    rules: { 'no-restricted-imports': ['error', { paths: ONLY_REGULAR_FILES }] },
  },
  {
    files: ['src/{model,log,network,mesh,explore,evidence,reports}/**'],
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
