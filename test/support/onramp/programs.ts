/** Small servers as people write them, for the products of products.ts. */

export const NODE_SERVER = `const http = require('node:http');
const port = process.env.PORT || 3000;
http.createServer((request, response) => {
  response.statusCode = request.url === '/healthz' ? 200 : 404;
  response.end('ok');
}).listen(port, () => console.log('listening on ' + port));
process.on('SIGTERM', () => process.exit(0));
`;

/** Nobody tells it its port. */
export function fixedNodeServer(port: number): string {
  return `require('node:http').createServer((_, response) => response.end('ok')).listen(${port});
process.on('SIGTERM', () => process.exit(0));
`;
}

/** Healthy when the service it is told of answers. */
export function nodeClient(variable: string): string {
  return `const http = require('node:http');
http.createServer(async (request, response) => {
  try {
    if (request.url === '/health') {
      const answer = await fetch(process.env.${variable} + '/healthz');
      response.statusCode = answer.ok ? 200 : 503;
    }
  } catch (error) {
    response.statusCode = 503;
    console.error(error.message, String(error.cause));
  }
  response.end();
}).listen(Number(process.env.PORT ?? 8080));
process.on('SIGTERM', () => process.exit(0));
`;
}

export const PYTHON_SERVER = `import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
`;

export const PYTHON_WORKER = `import os, time

print("working on", os.environ["QUEUE"], flush=True)
while True:
    time.sleep(1)
`;

export const GO_SERVER = `package main

import (
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {})
	http.ListenAndServe(":"+os.Getenv("PORT"), nil)
}
`;

export function packageJson(more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ name: 'app', version: '1.0.0', private: true, ...more }, null, 2)}\n`;
}
