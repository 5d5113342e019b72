/** Of Node.js on other hosts: the first that reads what the store holds (zstd). */
export const OLDEST_MAJOR = 22;
export const OLDEST_MINOR = 15;
export const OLDEST_NODE = `${OLDEST_MAJOR}.${OLDEST_MINOR}`;

/** How the loader ends where it cannot go on; what it says then is on its stderr. */
export const LOADER_EXIT = { oldNode: 91, damaged: 92, cut: 93 } as const;

/**
 * The program that a host is given on a command line, for `node -e`: it reads the keeper from stdin (u32 LE length, brotli), checks its
 * SHA-256 against its one argument and becomes it; the same stdin goes on to the keeper. It says nothing before it has read, since what
 * comes before somebody listens may be lost. Any Node.js can run it, and every shell takes it between single quotes.
 */
export const LOADER = [
  'var f=require("fs"),z=require("zlib"),v=process.versions.node.split(".")',
  'function x(c,s){f.writeSync(2,s+"\\u000a");process.exit(c)}',
  `function r(n){var b=Buffer.alloc(n),o=0,k;while(o<n){try{k=f.readSync(0,b,o,n-o,null)}catch(e){if(e.code==="EAGAIN"){Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,5);continue}k=0}if(k===0)x(${LOADER_EXIT.cut},"cut");o+=k}return b}`,
  'var b=r(r(4).readUInt32LE(0))',
  `if(v[0]*1000+ +v[1]<${OLDEST_MAJOR * 1_000 + OLDEST_MINOR})x(${LOADER_EXIT.oldNode},process.versions.node)`,
  'b=z.brotliDecompressSync(b)',
  `if(require("crypto").createHash("sha256").update(b).digest("hex")===process.argv[1]);else x(${LOADER_EXIT.damaged},"damaged")`,
  'new module.constructor("keeper")._compile(b.toString(),"keeper.cjs")',
].join(';');
