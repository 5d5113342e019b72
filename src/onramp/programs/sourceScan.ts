import { filesBelow, type ProductFiles } from '../files/productFiles.ts';
import type { Said } from '../sketch.ts';

/** What the code of a service tells about how it listens, each with file and line. */
export interface SourceFacts {
  readonly portVariable?: Said<string>;
  readonly port?: Said<number>;
  readonly healthPath?: Said<string>;
  /** Code that has it listen where its own machine alone reaches it. */
  readonly loopback?: Said<string>;
  /** Every variable the code reads, and where first. */
  readonly variables: ReadonlyMap<string, string>;
}

const CODE = /\.(?:[cm]?[jt]sx?|py|go|rb|java|kt|rs|php)$/;
const NOT_RUN =
  /(^|\/)(?:tests?|__tests__|spec|e2e|fixtures?|examples?|docs?|node_modules|dist|build)\/|\.(?:test|spec|config|d)\.[cm]?[jt]s$|_test\.(?:go|py)$|(^|\/)(?:test_\w+|conftest)\.py$/;
/** Of one service. What more files say, the first ones have said. */
const MAX_FILES = 400;

const VARIABLE_READS = [
  /process\.env\.([A-Za-z_]\w*)/g,
  /process\.env\[\s*['"]([A-Za-z_]\w*)['"]\s*\]/g,
  /\bos\.environ(?:\.get\(|\[)\s*['"]([A-Za-z_]\w*)['"]/g,
  /\b(?:os\.getenv|getenv|os\.Getenv|os\.LookupEnv|System\.getenv|env::var)\(\s*['"]([A-Za-z_]\w*)['"]/g,
  /\bENV(?:\.fetch\(|\[)\s*['"]([A-Za-z_]\w*)['"]/g,
];
/** In which a program is told where to listen; DB_PORT and its like say where others do. */
const OWN_PORT = /^(?:(?:HTTP|APP|SERVER|LISTEN|LISTENING|WEB|API|SERVICE|NODE|BIND)_?)?PORT$/i;

/** The surest first. */
const FIXED_PORTS = [
  /process\.env(?:\.\w*PORT|\[['"]\w*PORT['"]\])\s*(?:\|\||\?\?)\s*['"]?(\d{2,5})/,
  /(?:environ\.get|getenv|ENV\.fetch)\(\s*['"]\w*PORT['"]\s*,\s*['"]?(\d{2,5})/,
  /\.listen\(\s*(\d{2,5})/,
  /\bport\s*[:=]\s*['"]?(\d{2,5})\b/i,
  /ListenAndServe\(\s*['"][^'":]*:(\d{2,5})['"]/,
  /(?:HTTPServer|TCPServer)\(\s*\(\s*['"][^'"]*['"]\s*,\s*(\d{2,5})\s*\)/,
  /['"`]:(\d{4,5})['"`]/,
];
/** Where databases and queues listen: such a number is one the code connects to. */
const FOREIGN_PORTS = new Set([1883, 3306, 5432, 5672, 6379, 9092, 11_211, 27_017]);
const HEALTH_PATH =
  /['"`]((?:\/[\w-]+){0,2}\/(?:healthz?|health[-_]?check|_health|readyz?|livez?|ping|up)(?:\/(?:ready|live|liveness|readiness))?)['"`?]/;

/** The sockets a server is given, in the words of Node.js, Python and Go. */
const LOOPBACK =
  /\.listen\([^)]*['"`](?:127\.0\.0\.1|localhost|::1)['"`]|(?:run|Server|serve|start_server|create_server)\([^)]*\bhost\s*=\s*['"](?:127\.0\.0\.1|localhost)['"]|Server\(\s*\(\s*['"](?:127\.0\.0\.1|localhost)['"]|Listen(?:AndServe)?(?:TLS)?\((?:\s*"tcp[46]?",)?\s*"(?:127\.0\.0\.1|localhost|\[::1\]):/;

export function scanSources(files: ProductFiles, folder: string): SourceFacts {
  const variables = new Map<string, string>();
  const found: { -readonly [Fact in keyof SourceFacts]?: SourceFacts[Fact] } = {};
  let rank = Infinity;
  const own = filesBelow(files, folder).filter((file) => CODE.test(file) && !NOT_RUN.test(file));
  for (const file of own.slice(0, MAX_FILES)) {
    for (const [index, line] of (files.text(file) ?? '').split('\n').entries()) {
      const source = `${file}:${index + 1}`;
      for (const name of variablesIn(line)) {
        if (!variables.has(name)) variables.set(name, source);
        if (OWN_PORT.test(name)) found.portVariable ??= { value: name, source };
      }
      const port = portIn(line);
      if (port !== undefined && port.rank < rank) {
        rank = port.rank;
        found.port = { value: port.number, source };
      }
      const [loopback] = LOOPBACK.exec(line) ?? [];
      if (loopback !== undefined) found.loopback ??= { value: loopback, source };
      const health = HEALTH_PATH.exec(line)?.[1];
      if (health !== undefined) found.healthPath ??= { value: health, source };
    }
  }
  return { ...found, variables };
}

function variablesIn(line: string): string[] {
  return VARIABLE_READS.flatMap((pattern) =>
    [...line.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name])),
  );
}

function portIn(line: string): { number: number; rank: number } | undefined {
  for (const [rank, pattern] of FIXED_PORTS.entries()) {
    const number = Number(pattern.exec(line)?.[1]);
    if (number > 0 && number < 65_536 && !FOREIGN_PORTS.has(number)) return { number, rank };
  }
  return undefined;
}
