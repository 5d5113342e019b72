import type { ForeignProduct } from './foreignProduct.ts';
import { KUBERNETES_FILES } from './kubernetesFiles.ts';
import {
  fixedNodeServer,
  GO_SERVER,
  NODE_SERVER,
  nodeClient,
  packageJson,
  PYTHON_SERVER,
  PYTHON_WORKER,
} from './programs.ts';
import { WORKSPACES } from './workspaceProducts.ts';

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
  ...WORKSPACES,
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
      ...KUBERNETES_FILES,
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
