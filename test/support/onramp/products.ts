import {
  fixedNodeServer,
  GO_SERVER,
  NODE_SERVER,
  nodeClient,
  packageJson,
  PYTHON_SERVER,
  PYTHON_WORKER,
} from './programs.ts';

/** A small product as somebody has it, without a word about mesh-sim. */
export interface ForeignProduct {
  readonly files: Readonly<Record<string, string>>;
  /** Files that git ignores. */
  readonly ignored?: Readonly<Record<string, string>>;
  /** The services its registry has, by name, and by what they are started. */
  readonly starts: Readonly<Record<string, string>>;
  /** What a machine needs beside Node.js, for a rehearsal. */
  readonly needs?: readonly string[];
}

const NODE_IMAGE = `FROM node:22-alpine
WORKDIR /app
COPY . .
ENV PORT=3000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=2s CMD wget -qO- http://localhost:3000/healthz || exit 1
CMD ["node", "/app/server.js"]
`;
const PYTHON_IMAGE = `FROM python:3.12-slim AS base
WORKDIR /srv/app
COPY . .
FROM base
ENV PORT 8000
EXPOSE 8000/tcp
CMD python app.py
`;

function lockOf(name: string, packages: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ name, version: '1.0.0', lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}

/** Node.js, Python and a cache that the machine may have: what its only description, a compose file, says of three services. */
export const THREE_SERVICES: ForeignProduct = {
  files: {
    'compose.yaml': `services:
  web:
    build: web
    environment: { PORT: 8080, ORDERS_URL: "http://orders:8000" }
    ports: ["8080:8080"]
    depends_on: [orders]
  orders:
    build: orders
    environment: [CACHE_URL=redis://cache:6379]
    depends_on: [cache]
  cache:
    image: redis:7-alpine
`,
    'web/Dockerfile': 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["npm", "start"]\n',
    'web/package.json': packageJson({ scripts: { start: 'node client.js' } }),
    'web/client.js': nodeClient('ORDERS_URL'),
    'orders/Dockerfile': PYTHON_IMAGE,
    'orders/requirements.txt': '',
    'orders/app.py': PYTHON_SERVER,
  },
  starts: { web: 'npm start', orders: 'python3 app.py' },
  needs: ['python3'],
};

/** The same by what lies in their folders, and a compose file for the cache alone. */
export const THREE_FOLDERS: ForeignProduct = {
  files: {
    'compose.yaml': 'services:\n  cache:\n    image: redis:7-alpine\n    ports: ["6379:6379"]\n',
    'web/package.json': packageJson({ name: 'web', scripts: { start: 'node server.js' } }),
    'web/server.js': NODE_SERVER,
    'orders/requirements.txt': '',
    'orders/app.py': PYTHON_SERVER,
  },
  starts: { orders: 'python3 app.py', web: 'node server.js' },
  needs: ['python3'],
};

/** One for every source, and mixtures as products have them. */
export const PRODUCTS: Readonly<Record<string, ForeignProduct>> = {
  'Node.js and Python by their folders': THREE_FOLDERS,
  'compose with images of its own': {
    files: {
      'compose.yaml': `services:
  payments:
    build: ./payments
    ports: ["8081:3000"]
  web:
    build:
      context: ./web
      args: { VERSION: "1" }
    command: node client.js
    environment:
      PORT: 8080
      PAYMENTS_URL: http://payments:3000
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8080/health"]
      interval: 5s
    ports: ["80:8080"]
    depends_on:
      payments: { condition: service_healthy }
    restart: unless-stopped
`,
      'payments/Dockerfile': NODE_IMAGE,
      'payments/server.js': NODE_SERVER,
      'web/Dockerfile': NODE_IMAGE,
      'web/client.js': nodeClient('PAYMENTS_URL'),
    },
    starts: { payments: 'node ./server.js', web: 'node client.js' },
  },
  'compose with anchors, extends, profiles, ranges and variables': {
    files: {
      'docker-compose.yml': `x-app: &app
  build: .
  environment: &env
    LEVEL: \${LEVEL:-info}
    UNSET: \${NOBODY_SAYS}
services:
  api:
    <<: *app
    network_mode: host
    command: node server.js
    ports: ["3000-3002:3000-3002", "9000/udp"]
  admin:
    extends: { file: common.yml, service: node }
    depends_on: [api]
    environment:
      <<: *env
      PORT: "3100"
    privileged: true
  debug:
    image: busybox
    profiles: [debug]
`,
      'common.yml':
        'services:\n  image:\n    build: .\n  node:\n    extends: image\n    command: ["node", "server.js"]\n',
      Dockerfile: NODE_IMAGE,
      'server.js': NODE_SERVER,
    },
    starts: { admin: 'node server.js', api: 'node server.js' },
  },
  'compose for development, with a mounted source': {
    files: {
      'compose.yml': `services:
  app:
    image: node:22
    working_dir: /code
    volumes: ["./:/code", "/code/node_modules"]
    command: sh -c "node /code/server.js"
    env_file: [.env]
    ports: ["3000"]
`,
      'server.js': NODE_SERVER,
      '.gitignore': '.env\n',
    },
    ignored: { '.env': 'export GREETING="hello # there"\nAPI_TOKEN=tok_1234567890\nPORT=3000\n' },
    starts: { app: 'node ./server.js' },
  },
  'compose with Python': {
    files: {
      'compose.yaml': `services:
  jobs:
    build: { context: ., dockerfile: jobs/Dockerfile }
    environment: [QUEUE=mail]
  api:
    build: api
    ports: [{ target: 8000, published: 80 }]
`,
      'jobs/Dockerfile':
        'FROM python:3.12\nCOPY jobs /jobs\nWORKDIR /jobs\nCMD ["python", "worker.py"]\n',
      'jobs/worker.py': PYTHON_WORKER,
      'jobs/requirements.txt': '# nothing yet\n',
      'api/Dockerfile': PYTHON_IMAGE,
      'api/app.py': PYTHON_SERVER,
    },
    starts: { api: 'python3 app.py', jobs: 'python3 worker.py' },
    needs: ['python3'],
  },
  Procfile: {
    files: {
      Procfile: `# as the platform runs it
web: node server.js
worker: QUEUE="two words" sh -c 'exec python3 worker.py'
release: node migrate.js
`,
      'server.js': NODE_SERVER,
      'worker.py': PYTHON_WORKER,
      'package.json': packageJson({ scripts: { start: 'node server.js' } }),
      'migrate.js': '',
    },
    starts: {
      release: 'node migrate.js',
      web: 'node server.js',
      worker: `QUEUE="two words" sh -c 'exec python3 worker.py'`,
    },
    needs: ['python3'],
  },
  'Procfile over folders': {
    files: {
      Procfile: 'api: cd services/api && npm start\nweb: cd "web" && node client.js\n',
      'services/api/package.json': packageJson({ scripts: { start: 'node server.js' } }),
      'services/api/server.js': NODE_SERVER,
      'web/client.js': nodeClient('API_URL'),
      '.env.example': 'API_URL=http://localhost:5000\n',
    },
    starts: { api: 'npm start', web: 'node client.js' },
  },
  'npm workspaces': {
    files: {
      'package.json': packageJson({ name: 'root', workspaces: ['apps/*', 'packages/**'] }),
      'package-lock.json': lockOf('root', {
        '': { name: 'root', version: '1.0.0', workspaces: ['apps/*', 'packages/**'] },
        'apps/api': { version: '1.0.0', dependencies: { greet: '*' } },
        'packages/greet': { version: '1.0.0' },
        'node_modules/api': { resolved: 'apps/api', link: true },
        'node_modules/greet': { resolved: 'packages/greet', link: true },
      }),
      'apps/api/package.json': packageJson({
        name: 'api',
        scripts: { start: 'node server.js' },
        dependencies: { greet: '*' },
      }),
      'apps/api/server.js': `require('greet');\n${NODE_SERVER}`,
      'packages/greet/package.json': packageJson({ name: 'greet', main: 'index.js' }),
      'packages/greet/index.js': "module.exports = 'hello';\n",
    },
    starts: { api: 'node server.js' },
  },
  'npm workspaces with builds': {
    files: {
      'package.json': packageJson({
        name: 'root',
        workspaces: { packages: ['apps/web', 'libs/shared'] },
      }),
      'package-lock.json': lockOf('root', {
        '': {
          name: 'root',
          version: '1.0.0',
          workspaces: { packages: ['apps/web', 'libs/shared'] },
        },
        'apps/web': { version: '1.0.0', dependencies: { '@acme/shared': '1.0.0' } },
        'libs/shared': { name: '@acme/shared', version: '1.0.0' },
        'node_modules/web': { resolved: 'apps/web', link: true },
        'node_modules/@acme/shared': { resolved: 'libs/shared', link: true },
      }),
      'apps/web/package.json': packageJson({
        name: 'web',
        scripts: { build: 'node build.js', start: 'node dist/server.js' },
        dependencies: { '@acme/shared': '1.0.0' },
      }),
      'apps/web/build.js':
        "require('@acme/shared'); require('node:fs').cpSync('server.js', 'dist/server.js');\n",
      'apps/web/server.js': NODE_SERVER,
      'libs/shared/package.json': packageJson({
        name: '@acme/shared',
        main: 'dist/index.js',
        scripts: { build: 'node build.js' },
      }),
      'libs/shared/build.js':
        "require('node:fs').mkdirSync('dist', { recursive: true }); require('node:fs').writeFileSync('dist/index.js', '');\n",
    },
    starts: { web: 'node dist/server.js' },
  },
  'pnpm workspace': {
    files: {
      'pnpm-workspace.yaml': "packages: ['apps/*', '!apps/old']\n",
      'pnpm-lock.yaml': `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  apps/api:
    dependencies:
      greet:
        specifier: workspace:*
        version: link:../greet

  apps/greet: {}
`,
      'package.json': packageJson({ name: 'root', packageManager: 'pnpm@9.15.3' }),
      'apps/api/package.json': packageJson({
        name: 'api',
        scripts: { start: 'node server.js' },
        dependencies: { greet: 'workspace:*' },
      }),
      'apps/api/server.js': `require('greet');\n${NODE_SERVER}`,
      'apps/greet/package.json': packageJson({ name: 'greet', main: 'index.js' }),
      'apps/greet/index.js': '',
      'apps/old/package.json': packageJson({ name: 'old' }),
    },
    starts: { api: 'node server.js' },
    needs: ['pnpm'],
  },
  'yarn and turbo': {
    files: {
      'package.json': packageJson({ workspaces: ['apps/*'], packageManager: 'yarn@1.22.22' }),
      'yarn.lock': '# yarn lockfile v1\n',
      'turbo.json': '{ "tasks": { "build": {} } }\n',
      'apps/api/package.json': packageJson({
        name: '@acme/api',
        scripts: { build: 'tsc', start: 'node dist/server.js' },
        dependencies: { fastify: '^5.0.0' },
      }),
      'apps/api/src/server.ts': "listen(process.env.PORT ?? 4000); // '/healthz'\n",
      'apps/site/package.json': packageJson({ name: 'site', scripts: { start: 'node server.js' } }),
      'apps/site/server.js': NODE_SERVER,
    },
    starts: { api: 'node dist/server.js', site: 'node server.js' },
    needs: ['yarn', 'turbo'],
  },
  'nx monorepo': {
    files: {
      'package.json': packageJson({ workspaces: ['apps/*'], devDependencies: { nx: '20.0.0' } }),
      'nx.json': '{}\n',
      'apps/orders/package.json': packageJson({
        name: 'orders',
        scripts: { build: 'nx build orders', start: 'node ../../dist/apps/orders/main.js' },
      }),
      'apps/orders/src/main.ts': "app.listen(process.env.PORT || 3333); // '/health'\n",
    },
    starts: { orders: 'node ../../dist/apps/orders/main.js' },
    needs: ['nx'],
  },
  'Python projects': {
    files: {
      'api/requirements.txt': 'fastapi==0.115.0\nuvicorn==0.30.0\n',
      'api/service/main.py':
        'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/health")\ndef health():\n    return {}\n',
      'api/pyproject.toml': '[project]\nname = "api"\n',
      'plain/server.py': PYTHON_SERVER,
    },
    starts: {
      api: '.venv/bin/uvicorn service.main:app --host 0.0.0.0 --port ${port:http}',
      plain: 'python3 server.py',
    },
    needs: ['python3', 'PyPI'],
  },
  'Go module': {
    files: {
      'go.mod': 'module example.com/shop\n\ngo 1.22\n',
      'cmd/shop/main.go': GO_SERVER,
      Dockerfile:
        'FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /shop ./cmd/shop\nFROM scratch\nCOPY --from=build /shop /shop\nENV PORT=8080\nEXPOSE 8080\nENTRYPOINT ["/shop"]\nCMD ["-quiet"]\n',
    },
    starts: { 'go-module': './bin/shop -quiet' },
    needs: ['go'],
  },
  'Kubernetes Deployments': {
    files: {
      'deploy/app.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: orders
          image: ghcr.io/acme/acme-orders:1.4
          ports: [{ name: web, containerPort: 3000 }]
          env:
            - { name: LEVEL, valueFrom: { configMapKeyRef: { name: settings, key: level } } }
          readinessProbe: { httpGet: { path: /healthz, port: web }, periodSeconds: 5 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front }
spec:
  selector: { matchLabels: { app: front } }
  template:
    metadata: { labels: { app: front } }
    spec:
      containers:
        - name: front
          image: front
          command: [sh, -c, 'exec node client.js']
          ports: [{ containerPort: 8080 }]
          env:
            - { name: ORDERS_URL, value: 'http://orders-api.shop.svc.cluster.local' }
          readinessProbe: { httpGet: { path: /health, port: 8080 } }
`,
      'deploy/more.yaml': `apiVersion: v1
kind: Service
metadata: { name: orders-api }
spec: { selector: { app: orders }, ports: [{ port: 80, targetPort: web }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: debug }
`,
      'services/orders/Dockerfile': NODE_IMAGE,
      'services/orders/server.js': NODE_SERVER,
      'services/front/package.json': packageJson(),
      'services/front/client.js': nodeClient('ORDERS_URL'),
    },
    starts: { orders: 'node ./server.js', front: 'exec node client.js' },
  },
  'Dockerfiles alone': {
    files: {
      'one/Dockerfile': NODE_IMAGE,
      'one/server.js': NODE_SERVER,
      'two/Dockerfile': PYTHON_IMAGE,
      'two/app.py': PYTHON_SERVER,
      'two/tests/main.py': '',
    },
    starts: { one: 'node ./server.js', two: 'python3 app.py' },
    needs: ['python3'],
  },
  'packages that listen where they like': {
    files: {
      'alpha/package.json': packageJson({ scripts: { start: 'node index.js' } }),
      'alpha/index.js': fixedNodeServer(4101),
      'beta/package.json': packageJson({ main: 'index.js' }),
      'beta/index.js': fixedNodeServer(4102),
      'package.json': packageJson({ scripts: { test: 'mocha' } }),
    },
    starts: { alpha: 'node index.js', beta: 'node index.js' },
  },
  'a compose file for the cache alone, and a package': {
    files: {
      'docker-compose.yml':
        'services:\n  cache:\n    image: redis:7-alpine\n    ports: ["6379:6379"]\n',
      'package.json': packageJson({ scripts: { start: 'node server.js' } }),
      'server.js': NODE_SERVER,
    },
    starts: { 'a-compose-file-for-the-cache-alone-and-a-package': 'node server.js' },
  },
};
