import type { AssistantTool } from './assistantTool.ts';
import { EXPLAIN_FAILURE } from './explainFailure.ts';
import { GATE_STATUS } from './gateStatus.ts';
import { LIST_RUNS } from './listRuns.ts';
import { REHEARSE_PLAN } from './rehearsePlan.ts';

/** The same tools by every door: MCP, and the language-model tools of VS Code, whose manifest says the same of them. */
export const ASSISTANT_TOOLS: readonly AssistantTool[] = [
  LIST_RUNS,
  EXPLAIN_FAILURE,
  GATE_STATUS,
  REHEARSE_PLAN,
];
