import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { CURRENT, rootOf } from './vscodeServer/versions.ts';

export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly env: Record<string, string>;
  readonly args: string[];
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
];

/**
 * The browser of the tests: `CHROMIUM_PATH`, else the one unpacked from the npm package beside the test server.
 * Throws an Error where there is neither.
 */
export function chromiumLaunch(): ChromiumLaunch {
  const inherited = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  ) as Record<string, string>;
  const own = process.env.CHROMIUM_PATH;
  if (own) return { executablePath: own, env: inherited, args: ARGUMENTS };
  const folder = path.join(rootOf(CURRENT), 'chromium');
  return {
    executablePath: unpackChromium(folder),
    env: { ...inherited, LD_LIBRARY_PATH: path.join(folder, 'lib'), FONTCONFIG_PATH: folder },
    args: ARGUMENTS,
  };
}

/** The executable appears last and whole, so that a broken unpacking is repeated. */
function unpackChromium(folder: string): string {
  const executable = path.join(folder, 'chromium');
  if (existsSync(executable)) return executable;
  const packed = path.join(rootOf(CURRENT), 'node_modules/@sparticuz/chromium/bin');
  if (!existsSync(packed))
    throw new Error(`No Chromium in ${rootOf(CURRENT)}: set CHROMIUM_PATH to an installed one.`);
  mkdirSync(folder, { recursive: true });
  for (const name of ['al2023', 'swiftshader', 'fonts']) {
    const archive = path.join(folder, `${name}.tar`);
    writeFileSync(archive, unbrotli(path.join(packed, `${name}.tar.br`)));
    execFileSync('tar', ['xf', archive, '-C', folder]);
    rmSync(archive);
  }
  writeFileSync(
    path.join(folder, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
  );
  writeFileSync(`${executable}.part`, unbrotli(path.join(packed, 'chromium.br')));
  chmodSync(`${executable}.part`, 0o755);
  renameSync(`${executable}.part`, executable);
  return executable;
}

function unbrotli(file: string): Buffer {
  return brotliDecompressSync(readFileSync(file));
}
