import { setTimeout as pause } from 'node:timers/promises';
import type { FigureInput } from '../figure.ts';
import { atMost } from '../figure.ts';
import { interleave, spreadOf, wallMs } from '../measure.ts';
import { ascending, medianOf, quantileOf } from '../quantiles.ts';
import type { BenchContext, Suite } from '../suite.ts';
import { SyntheticRun } from '../syntheticRun.ts';
import { openWatchedPage, type PageCost, type WatchedPage } from '../watchedPage.ts';

const PACKETS_PER_SECOND = 10_000;
const LOAD_MS = 30_000;
const QUICK_MS = 4_000;
const HELD = 50_000;
/** Before it the page starts up; figures are of what comes after. */
const WARM_UP_MS = 2_000;
const FEED_MS = 50;
const CLICK_EVERY_MS = 1_000;
/** A person notices that nothing answers. */
const LONG_MS = 100;
const GESTURES = 40;

interface Figures {
  readonly p50: number;
  readonly p95: number;
  readonly longTasks: number;
  readonly input: number;
  /** Percent of a core. */
  readonly cpu: number;
  readonly heapStart: number;
  readonly heapEnd: number;
}

function figuresOf(cost: PageCost, cpu: number, heapStart: number, heapEnd: number): Figures {
  const frames = ascending(cost.frames);
  return {
    p50: quantileOf(frames, 0.5),
    p95: quantileOf(frames, 0.95),
    longTasks: cost.longTasks.filter((ms) => ms > LONG_MS).length,
    input: medianOf(cost.inputs),
    cpu,
    heapStart,
    heapEnd,
  };
}

/** A live run at full rate, with a click into the lanes and back to live every second. */
async function underLoad(context: BenchContext): Promise<Figures> {
  const run = new SyntheticRun(PACKETS_PER_SECOND);
  const watched = await openWatchedPage(run, context);
  const begun = wallMs();
  const feed = setInterval(() => {
    run.advanceTo(wallMs() - begun);
  }, FEED_MS);
  try {
    await pause(WARM_UP_MS);
    const heapStart = await watched.heapMiB();
    await watched.restart();
    const [start, cpuStart] = [wallMs(), await watched.cpuMs()];
    const end = wallMs() + (context.quick ? QUICK_MS : LOAD_MS);
    while (wallMs() < end) {
      await pause(CLICK_EVERY_MS / 2);
      await clickLanes(watched);
      await pause(CLICK_EVERY_MS / 2);
      await watched.page.locator('.follow').click();
    }
    const cost = await watched.cost();
    const cpu = (100 * ((await watched.cpuMs()) - cpuStart)) / (wallMs() - start);
    return figuresOf(cost, cpu, heapStart, await watched.heapMiB());
  } finally {
    clearInterval(feed);
    await watched.close();
  }
}

/** A run that ended with as many packets, zoomed, moved and scrubbed through. */
async function withPacketsHeld(context: BenchContext): Promise<Figures> {
  const run = new SyntheticRun(PACKETS_PER_SECOND);
  run.advanceTo((HELD / PACKETS_PER_SECOND) * 1_000);
  run.finish();
  const watched = await openWatchedPage(run, context);
  try {
    await pause(WARM_UP_MS);
    const heapStart = await watched.heapMiB();
    await watched.restart();
    const [start, cpuStart] = [wallMs(), await watched.cpuMs()];
    for (let gesture = 0; gesture < (context.quick ? 8 : GESTURES); gesture += 1) {
      await watched.page.mouse.wheel(0, gesture % 16 < 8 ? -240 : 240);
      await clickLanes(watched, 0.2 + 0.6 * ((gesture % 7) / 7));
      await pause(120);
    }
    const cost = await watched.cost();
    const cpu = (100 * ((await watched.cpuMs()) - cpuStart)) / (wallMs() - start);
    return figuresOf(cost, cpu, heapStart, await watched.heapMiB());
  } finally {
    await watched.close();
  }
}

async function clickLanes({ page }: WatchedPage, share = 0.2): Promise<void> {
  const box = await page.locator('.lanes-overlay').boundingBox();
  if (box === null) throw new Error('The page shows no lanes.');
  await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const rounds = await interleave(
    { load: () => underLoad(context), held: () => withPacketsHeld(context) },
    { rounds: context.quick ? 1 : 3, meter: context.meter, warmUps: 0 },
  );
  type Case = 'load' | 'held';
  const of = (which: Case, figure: keyof Figures) =>
    spreadOf(rounds, (results) => results[which][figure]);
  const load = '10,000 packets/s';
  const held = '50,000 packets held';
  return [
    {
      name: `${load}: tasks over 100 ms`,
      unit: '',
      spread: of('load', 'longTasks'),
      target: atMost(0),
      note: `ten nodes, ${LOAD_MS / 1000} s, fed through the product's own event stream over loopback; Chromium without a GPU on the same two cores as the server`,
    },
    { name: `${load}: frame, p50`, unit: 'ms', spread: of('load', 'p50') },
    { name: `${load}: frame, p95`, unit: 'ms', spread: of('load', 'p95'), target: atMost(20) },
    {
      name: `${load}: click to frame`,
      unit: 'ms',
      spread: of('load', 'input'),
      target: atMost(100),
      note: 'from the pointer to the frame that shows the past instant, all views included',
    },
    {
      name: `${load}: main thread of the page`,
      unit: '% of a core',
      spread: of('load', 'cpu'),
      note: 'CPU time, so what else runs on the machine does not count; frames and tasks are wall time',
    },
    { name: `${load}: heap at the start`, unit: 'MiB', spread: of('load', 'heapStart') },
    { name: `${load}: heap at the end`, unit: 'MiB', spread: of('load', 'heapEnd') },
    { name: `${held}: frame, p50`, unit: 'ms', spread: of('held', 'p50') },
    {
      name: `${held}: frame, p95`,
      unit: 'ms',
      spread: of('held', 'p95'),
      note: 'a wheel step and a click every 120 ms: zoom, redraw, scrub',
    },
    {
      name: `${held}: tasks over 100 ms`,
      unit: '',
      spread: of('held', 'longTasks'),
      target: atMost(0),
    },
    { name: `${held}: main thread of the page`, unit: '% of a core', spread: of('held', 'cpu') },
    { name: `${held}: click to frame`, unit: 'ms', spread: of('held', 'input') },
  ];
}

export const suite: Suite = { title: 'the page under load', run };
