import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { messageOf } from '../../../src/base/errors.ts';
import { Allowance } from '../../../src/wire/mux/allowance.ts';
import { Mux, type MuxOptions } from '../../../src/wire/mux/mux.ts';
import { muxFrame } from '../../../src/wire/mux/muxFrame.ts';
import { WINDOW_BYTES, type MuxStream } from '../../../src/wire/mux/muxStream.ts';

interface End {
  readonly mux: Mux;
  readonly messages: unknown[];
  readonly streams: { readonly stream: MuxStream; readonly tag: string }[];
  readonly closed: Promise<Error | undefined>;
}

function endOf(pipes: Pick<MuxOptions, 'input' | 'output' | 'isOpener' | 'allowance'>): End {
  const messages: unknown[] = [];
  const streams: End['streams'] = [];
  let setClosed: (error: Error | undefined) => void = () => undefined;
  const closed = new Promise<Error | undefined>((resolve) => {
    setClosed = resolve;
  });
  const mux = new Mux({
    ...pipes,
    onMessage: (message) => messages.push(message),
    onStream: (stream, tag) => streams.push({ stream, tag }),
    onClosed: setClosed,
  });
  return { mux, messages, streams, closed };
}

function pair(): { readonly near: End; readonly far: End; readonly toNear: PassThrough } {
  const toFar = new PassThrough();
  const toNear = new PassThrough();
  return {
    near: endOf({ input: toNear, output: toFar, isOpener: true }),
    far: endOf({ input: toFar, output: toNear, isOpener: false }),
    toNear,
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
async function turns(isDone: () => boolean): Promise<void> {
  while (!isDone()) await turn();
}

/** Bytes that tell their place. */
function patterned(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >>> 8)) & 0xff));
}

describe('many streams over one pipe', () => {
  it('carry bytes both ways, in order, whole, each to its own end', async () => {
    const { near, far } = pair();
    const sent = patterned(3 * WINDOW_BYTES + 17);
    const asked = near.mux.open('agent:1');
    asked.end(sent);
    await turns(() => far.streams.length === 1);
    const [answering] = far.streams;
    assert.ok(answering);
    assert.equal(answering.tag, 'agent:1');
    const received = await buffer(answering.stream);
    assert.ok(received.equals(sent));
    answering.stream.end('answer');
    assert.equal(await text(asked), 'answer');
  });

  it('hold up neither each other nor what is said, however little of one is read', async () => {
    const { near, far } = pair();
    const stuck = near.mux.open('stuck');
    stuck.write(patterned(4 * WINDOW_BYTES));
    const quick = near.mux.open('quick');
    quick.end('quick');
    near.mux.send({ is: 'said' });
    await turns(() => far.streams.length === 2);
    const [, second] = far.streams;
    assert.equal(await text(second?.stream ?? quick), 'quick');
    await turns(() => far.messages.length === 1);
    assert.deepEqual(far.messages, [{ is: 'said' }]);
    const unread = far.streams[0]?.stream;
    assert.ok((unread?.readableLength ?? 0) <= WINDOW_BYTES);
    assert.ok((unread?.readableLength ?? 0) > 0);
  });

  it('end on the other side when they are ended here, and all when the pipe does', async () => {
    const { near, far, toNear } = pair();
    const one = near.mux.open('one');
    const other = near.mux.open('other');
    one.write('x');
    await turns(() => far.streams.length === 2);
    const [theirs, others] = far.streams.map(({ stream }) => stream);
    one.destroy();
    if (theirs !== undefined && !theirs.closed) await once(theirs, 'close');
    toNear.end();
    assert.equal(await near.closed, undefined);
    assert.ok(other.destroyed);
    assert.equal(others?.destroyed, false);
  });

  it('open from both sides at once', async () => {
    const { near, far } = pair();
    const ours = near.mux.open('ours');
    const theirs = far.mux.open('theirs');
    ours.end('1');
    theirs.end('2');
    await turns(() => near.streams.length === 1 && far.streams.length === 1);
    assert.equal(await text(far.streams[0]?.stream ?? ours), '1');
    assert.equal(await text(near.streams[0]?.stream ?? ours), '2');
  });
});

describe('what is said over a pipe by no keeper', () => {
  const hostile: readonly [string, Buffer, RegExp][] = [
    ['a banner', Buffer.from('Welcome to edge!\r\nLast login: never\r\n'), /A frame of \d+ bytes/],
    ['no JSON', muxFrame(0, Buffer.from('{')), /JSON/],
    ['a control frame without end', muxFrame(0, Buffer.alloc(2 * 1024 * 1024)), /A frame of/],
    ['a frame that is too long', muxFrame(7, Buffer.alloc(40_000)), /A frame of 40000 bytes/],
    ['a number', muxFrame(0, Buffer.from('7')), /is no object/],
    [
      'a stream on the control channel',
      muxFrame(0, Buffer.from('{"mux":"open","channel":0,"tag":"x"}')),
      /cannot be/,
    ],
    [
      'credit of nothing',
      Buffer.concat([
        muxFrame(0, Buffer.from('{"mux":"open","channel":2,"tag":"x"}')),
        muxFrame(0, Buffer.from('{"mux":"credit","channel":2,"bytes":-5}')),
      ]),
      /gives no credit/,
    ],
  ];
  for (const [what, bytes, sentence] of hostile) {
    it(`closes it: ${what}`, async () => {
      const { near, toNear } = pair();
      toNear.write(bytes);
      assert.match((await near.closed)?.message ?? '', sentence);
    });
  }

  it('closes it: more than the window of a stream', async () => {
    const { near, toNear } = pair();
    toNear.write(muxFrame(0, Buffer.from('{"mux":"open","channel":2,"tag":"flood"}')));
    for (let sent = 0; sent <= WINDOW_BYTES; sent += 32_768) {
      toNear.write(muxFrame(2, Buffer.alloc(32_768)));
    }
    assert.match((await near.closed)?.message ?? '', /sends more than it may/);
  });

  it('closes it: streams without end', async () => {
    const { near, toNear } = pair();
    for (let channel = 2; channel <= 4_000; channel += 2) {
      toNear.write(muxFrame(0, Buffer.from(JSON.stringify({ mux: 'open', channel, tag: 'x' }))));
    }
    assert.match((await near.closed)?.message ?? '', /opens over 1024 streams/);
  });

  it('is nothing to streams that were ended here', async () => {
    const { near, toNear, far } = pair();
    const stream = near.mux.open('gone');
    stream.destroy();
    toNear.write(muxFrame(stream.channel, Buffer.from('late')));
    near.mux.send({ still: 'there' });
    await turns(() => far.messages.length === 1);
  });
});

describe('what a keeper may say', () => {
  it('is what it is asked for, however much that is, and little else', async () => {
    const toFar = new PassThrough();
    const toNear = new PassThrough();
    const allowance = new Allowance({ now: () => 0, most: 64, perSecond: 1_000 });
    const near = endOf({ input: toNear, output: toFar, isOpener: true, allowance });
    const far = endOf({ input: toFar, output: toNear, isOpener: false });
    const file = patterned(WINDOW_BYTES);
    for (let opened = 1; opened <= 200; opened += 1) {
      const asking = near.mux.open('file');
      asking.end(file);
      near.mux.send({ asks: opened });
      await turns(() => far.streams.length === opened);
      const { stream } = far.streams.at(-1) ?? {};
      assert.ok(stream);
      stream.end();
      far.mux.send({ answers: opened });
      asking.resume();
      assert.equal((await buffer(stream)).length, WINDOW_BYTES);
      await turns(() => near.messages.length === opened);
    }
    for (let said = 0; said < 65; said += 1) far.mux.send({ is: 'not asked for' });
    assert.match(messageOf(await near.closed), /^The keeper of a node says more than it is asked/);
  });

  it('grows with time, and counts KiB', () => {
    let now = 0;
    const allowance = new Allowance({ now: () => now, most: 10, perSecond: 1 });
    assert.equal(allowance.spend(9 * 1_024), true);
    assert.equal(allowance.spend(1), false);
    now = 2_000;
    assert.equal(allowance.spend(1), true);
    assert.equal(allowance.spend(1_024), false);
  });
});
