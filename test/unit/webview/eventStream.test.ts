import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { EventStreamParser } from '../../../webview/client/eventStream.ts';

const STREAM = ': hello\n\nevent: snapshot\nid: g:1\ndata: {"a":1}\n\ndata: {"b":2}\nid: g:2\n\n';

describe('the event stream parser', () => {
  it('finds the same messages however the text is cut', () => {
    const whole = new EventStreamParser().push(STREAM);
    assert.deepEqual(whole, [
      { event: 'snapshot', id: 'g:1', data: '{"a":1}' },
      { event: 'message', id: 'g:2', data: '{"b":2}' },
    ]);
    for (let cut = 1; cut < STREAM.length; cut += 1) {
      const parser = new EventStreamParser();
      assert.deepEqual(
        [...parser.push(STREAM.slice(0, cut)), ...parser.push(STREAM.slice(cut))],
        whole,
      );
    }
  });
});
