import assert from 'node:assert/strict';
import packageJson from '../../../package.json' with { type: 'json' };
import { ASSISTANT_TOOLS } from '../../../src/assistants/tools.ts';

describe('tools of assistants', () => {
  it("are said in the extension's manifest as they are", () => {
    assert.deepEqual(
      packageJson.contributes.languageModelTools.map((tool) => ({
        ...{ name: tool.name, title: tool.displayName },
        ...{ description: tool.modelDescription, inputSchema: tool.inputSchema },
      })),
      ASSISTANT_TOOLS.map(({ name, title, description, inputSchema }) => ({
        ...{ name, title, description, inputSchema },
      })),
    );
  });

  it('ask a person before they start anything', () => {
    for (const tool of ASSISTANT_TOOLS) {
      assert.equal('consent' in tool, !tool.isReadOnly, tool.name);
    }
  });
});
