import assert from 'node:assert/strict';
import { themeOf } from '../../../webview/theme/themeOf.ts';

describe('theme of a page outside VS Code', () => {
  it('takes the one the address asks for', () => {
    for (const kind of ['dark', 'light', 'hc', 'hcl']) {
      assert.equal(themeOf(`?theme=${kind}`, true), kind);
    }
  });

  it('follows the system where none is asked for, or an unknown one', () => {
    assert.equal(themeOf('', true), 'dark');
    assert.equal(themeOf('?theme=pink', false), 'light');
  });
});
