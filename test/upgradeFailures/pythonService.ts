import { existsSync } from 'node:fs';
import type { TinyService } from '../support/tinyProduct.ts';
import { PATIENT_PROBE } from './jsonService.ts';

/** The system's own: others may stand behind a script that looks for them at each start. */
export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** As ask and serve of jsonService.ts. */
const JSON_HTTP = `
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request("http://" + url, data), timeout=60) as response:
            return json.load(response)
    except HTTPError as error:
        raise RuntimeError(f"{url} answered {error.code}: {error.read().decode()}") from None

def serve(routes, port):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            try:
                status, said = 200, json.dumps(routes.get(self.path, lambda _: {})(body))
            except Exception as error:
                status, said = 500, str(error)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said.encode())
        do_POST = do_GET
        def log_message(self, *_):
            pass
    ThreadingHTTPServer(("0.0.0.0", port), Handler).serve_forever()
`;

const HEAD = 'import os\nfrom json_http import ask, serve\n';

/**
 * A service in Python that answers JSON.
 * @param server the program; `os`, `ask` and `serve` are there
 * @param check of the product, likewise; empty: it has none
 */
export function pythonService(
  name: string,
  server: string,
  check = '',
  env: Readonly<Record<string, string>> = {},
): TinyService {
  return {
    name,
    files: { 'json_http.py': JSON_HTTP, 'server.py': HEAD + server, 'check.py': HEAD + check },
    entry: {
      start: [PYTHON, 'server.py'],
      health: { http: { port: 'http', path: '/' }, ...PATIENT_PROBE },
      env: { PORT: '${port:http}', NODE: '${node.id}', STATE: '${state}', ...env },
    },
  };
}

/** A check that runs `check.py` of the service. */
export function pythonCheck(
  service: string,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
) {
  return { name, service, run: [PYTHON, 'check.py'], ...more };
}
