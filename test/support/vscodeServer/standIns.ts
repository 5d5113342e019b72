const WATCHDOG = `exports.start = (pid) => { setInterval(() => { try { process.kill(pid, 0); } catch { process.exit(87); } }, 3000).unref(); };
exports.exit = (code) => process.exit(code || 0);
`;

/** CommonJS sources that take the place of native modules: nothing is compiled on the machine of the tests. */
export const STAND_INS: Readonly<Record<string, string>> = {
  '@vscode/spdlog': `const fs = require('fs'), path = require('path');
exports.version = 1; exports.setLevel = exports.setFlushOn = () => {};
class Logger {
  constructor(name, file) { this.file = file; }
  write(level, message) { try { fs.appendFileSync(this.file, new Date().toISOString() + ' [' + level + '] ' + message + '\\n'); } catch {} }
  trace() {} debug() {} info(m) { this.write('info', m); } warn(m) { this.write('warn', m); }
  error(m) { this.write('error', m); } critical(m) { this.write('critical', m); }
  getLevel() { return 2; } setLevel() {} setPattern() {} clearFormatters() {} flush() {} drop() {}
}
exports.Logger = Logger;
const create = async (name, file) => { fs.mkdirSync(path.dirname(file), { recursive: true }); return new Logger(name, file); };
exports.createRotatingLogger = create; exports.createAsyncRotatingLogger = create;
`,
  '@vscode/native-watchdog': WATCHDOG,
  // Its name until 1.11x.
  'native-watchdog': WATCHDOG,
};
