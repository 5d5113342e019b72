import assert from 'node:assert/strict';
import { parseDotenv } from '../../../src/base/dotenv.ts';

function values(text: string): Record<string, string> {
  return Object.fromEntries(parseDotenv(text, '.env').map(({ name, value }) => [name, value]));
}

function refused(text: string): string {
  try {
    parseDotenv(text, '.env');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('base/dotenv', () => {
  it('reads plain, quoted and exported values, comments and blank lines', () => {
    const text = [
      '\uFEFF# comment',
      'PLAIN=some value  # why',
      'HASH=a#b',
      "  export SINGLE='as it is: \\n ${X} # \"'",
      'DOUBLE = "line\\nbreak \\"quoted\\" \\$5" # why',
      '',
      'EMPTY=',
      'EQUALS=a=b==',
    ].join('\r\n');
    assert.deepEqual(values(text), {
      PLAIN: 'some value',
      HASH: 'a#b',
      SINGLE: 'as it is: \\n ${X} # "',
      DOUBLE: 'line\nbreak "quoted" $5',
      EMPTY: '',
      EQUALS: 'a=b==',
    });
  });

  it('reads a quoted value over several lines and goes on after it', () => {
    const entries = parseDotenv('KEY="-----BEGIN\nMIIE\n-----END"\nNEXT=1\n', '.env');
    assert.deepEqual(entries, [
      { name: 'KEY', value: '-----BEGIN\nMIIE\n-----END', line: 1 },
      { name: 'NEXT', value: '1', line: 4 },
    ]);
  });

  it('refuses with the line, and without what stands there', () => {
    assert.equal(refused('A=1\nhunter2hunter2\n'), '.env, line 2: expected NAME=value.');
    assert.match(refused('A-B=hunter2'), /line 1: expected NAME=value/);
    assert.match(refused('A=1\n\nA=2'), /line 3: A was given on line 1 already/);
    assert.match(refused('A="x" y'), /line 1: nothing may follow the closing quote/);
    assert.match(refused('A="\\q"'), /line 1: unknown escape/);
    assert.match(
      refused("B=1\nA='x\nC=2\n"),
      /line 2: the quote that is opened here is never closed/,
    );
  });

  it('reads on after a value that refers to others, and says what is the matter with it', () => {
    const entries = parseDotenv('A=${B}\nC="x${B}"\nD="x\\${B}"\nE=\'${B}\'\n', '.env');
    const problem = 'has ${…}, which is not replaced: put the value in single quotes';
    assert.deepEqual(
      entries.map((entry) => [entry.name, entry.problem]),
      [
        ['A', problem],
        ['C', problem],
        ['D', undefined],
        ['E', undefined],
      ],
    );
  });
});
