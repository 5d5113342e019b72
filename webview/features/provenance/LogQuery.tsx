import type { RefObject, VNode } from 'preact';
import { Mark } from '../../ui/Mark.tsx';
import { TextField } from '../../ui/TextField.tsx';

/** Where what is asked of the log is written, and why it cannot be asked. */
export function LogQuery(props: {
  readonly text: string;
  /** One sentence; '' for a query that can be asked. */
  readonly problem: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onText: (text: string) => void;
  /** To the next line that is shown, or the one before. */
  readonly onStep: (isBack: boolean) => void;
}): VNode {
  const { text, problem, field, onText, onStep } = props;
  return (
    <>
      <TextField
        label="Filter events"
        placeholder="Filter, e.g. node:n3 lost"
        value={text}
        field={field}
        problemId={problem === '' ? undefined : PROBLEM_ID}
        onInput={onText}
        onEnter={onStep}
      >
        <Mark name="filter" />
      </TextField>
      {problem !== '' && (
        <p id={PROBLEM_ID} class="log-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

const PROBLEM_ID = 'log-query-problem';
