import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import { before, describe, it } from 'mocha';

const ROOT = path.join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
const GRAMMARS = path.join(path.dirname(require.resolve('@vscode/tree-sitter-wasm')), '.');

interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly hasError: boolean;
  descendantsOfType(type: string): SyntaxNode[];
}
interface TreeSitter {
  Parser: {
    init(options: { locateFile: (file: string) => string }): Promise<void>;
    new (): { setLanguage(language: unknown): void; parse(text: string): { rootNode: SyntaxNode } };
  };
  Language: { load(file: string): Promise<unknown> };
}

const { Parser, Language } = require('@vscode/tree-sitter-wasm') as TreeSitter;

async function parse(grammar: string, text: string): Promise<SyntaxNode> {
  const parser = new Parser();
  parser.setLanguage(await Language.load(path.join(GRAMMARS, `tree-sitter-${grammar}.wasm`)));
  return parser.parse(text).rootNode;
}

/** Where a program is on the PATH, or undefined. */
function found(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}

const source = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

/** Both scripts offer these, spelled as is usual there, and hand them to the installer. */
const OPTIONS = ['Folder', 'Example', 'Code', 'NoBuild'];

describe('install.ps1', () => {
  const text = source('install.ps1');
  let root: SyntaxNode;
  before(async () => {
    await Parser.init({ locateFile: (file) => path.join(GRAMMARS, file) });
    root = await parse('powershell', text);
  });

  it('is PowerShell, and the check would notice if it were not', async () => {
    assert.equal(root.hasError, false);
    for (const broken of [text.replace('{', ''), text.replace(')', ''), `${text}\n'open`]) {
      assert.equal((await parse('powershell', broken)).hasError, true);
    }
  });

  it('is strict, stops at errors, and passes the exit code of the installer on', () => {
    assert.match(text, /^#Requires -Version 5\.1$/m);
    assert.match(text, /^Set-StrictMode -Version Latest$/m);
    assert.match(text, /^\$ErrorActionPreference = 'Stop'$/m);
    assert.match(text, /^& node @arguments\nexit \$LASTEXITCODE\n$/m);
    // Windows PowerShell 5.1 reads a file without a mark as ANSI.
    assert.match(text, /^[\x00-\x7f]*$/);
  });

  it('calls commands by their full names, with named parameters', () => {
    const names = root.descendantsOfType('command_name').map((node) => node.text);
    const allowed = ['Get-Command', 'Join-Path', 'Set-StrictMode', 'node'];
    assert.deepEqual([...new Set(names)].sort(), allowed.sort());
  });

  it('takes what the installer takes, and -WhatIf, and helps with each', () => {
    const parameters = root
      .descendantsOfType('script_parameter')
      .map((node) => /\$(\w+)\s*$/.exec(node.text)?.[1]);
    assert.deepEqual(parameters, OPTIONS);
    assert.match(text, /\[CmdletBinding\(SupportsShouldProcess = \$true/);
    assert.match(text, /\$PSCmdlet\.ShouldProcess\(/);
    for (const heading of ['.SYNOPSIS', '.DESCRIPTION', '.EXAMPLE']) {
      assert.ok(text.includes(`\n${heading}\n`), heading);
    }
    for (const name of OPTIONS) assert.ok(text.includes(`\n.PARAMETER ${name}\n`), name);
  });

  it('runs in pwsh', async function () {
    const pwsh = found('pwsh');
    if (pwsh === undefined) this.skip();
    const file = path.join(ROOT, 'install.ps1');
    const args = ['-NoProfile', '-File', file, '-WhatIf', '-Code', path.join(ROOT, 'no such code')];
    const { exitCode, stderr } = await execa(pwsh, args, { reject: false });
    assert.equal(exitCode, 1);
    assert.match(stderr, /is not VS Code's command/);
  });
});

describe('install.sh', () => {
  const text = source('install.sh');

  it('is shell, and hands everything to the installer', async () => {
    await Parser.init({ locateFile: (file) => path.join(GRAMMARS, file) });
    assert.equal((await parse('bash', text)).hasError, false);
    assert.match(text, /^set -eu$/m);
    assert.match(text, /^exec node "\$root\/install\.mjs" "\$@"\n$/m);
    const { stdout } = await execa(path.join(ROOT, 'install.sh'), ['--help']);
    const kebab = (name: string): string => name.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase();
    for (const name of [...OPTIONS, 'WhatIf']) assert.ok(stdout.includes(`--${kebab(name)}`), name);
  });

  it('satisfies shellcheck', async function () {
    const shellcheck = found('shellcheck');
    if (shellcheck === undefined) this.skip();
    await execa(shellcheck, [path.join(ROOT, 'install.sh')]);
  });
});
