import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { contrast, heatFill, rgbOf, type HeatColours } from '../../../webview/draw/heat.ts';
import { histogramBars, histogramScale, shareOf } from '../../../webview/draw/histogram.ts';
import { BINS, binOf } from '../../../webview/run/latencyBins.ts';

const THEMES: Record<string, HeatColours> = {
  dark: { background: [31, 31, 31], hue: [55, 148, 255], text: [204, 204, 204] },
  light: { background: [255, 255, 255], hue: [26, 133, 255], text: [59, 59, 59] },
};

describe('the heat ramp', () => {
  for (const [name, colours] of Object.entries(THEMES)) {
    it(`keeps its text at 4.5:1 all the way in ${name}`, () => {
      for (let heat = -0.5; heat <= 1.5; heat += 0.01) {
        const fill = heatFill(colours, heat);
        const ratio = contrast(rgbOf(fill.background)!, rgbOf(fill.text)!);
        assert.ok(ratio >= 4.5, `${heat.toFixed(2)}: ${ratio.toFixed(2)}`);
      }
    });
  }

  it('reads colours as themes write them', () => {
    assert.deepEqual(rgbOf('#1f1f1f'), [31, 31, 31]);
    assert.deepEqual(rgbOf('#fff'), [255, 255, 255]);
    assert.deepEqual(rgbOf('#3794ffcc'), [55, 148, 255]);
    assert.deepEqual(rgbOf('rgba(1, 2, 3, 0.5)'), [1, 2, 3]);
    assert.deepEqual(rgbOf('rgb(1 2 3)'), [1, 2, 3]);
    assert.equal(rgbOf('color-mix(in srgb, red, blue)'), undefined);
  });
});

describe('the histogram of latencies', () => {
  const bins = new Uint32Array(BINS);
  for (const ms of [0.1, 41, 100, 179, 181, 9_999]) bins[binOf(ms)]! += 1;

  it('counts every packet once, the slowest in the last bar', () => {
    const bars = histogramBars(bins, histogramScale([40, 180]), 48);
    assert.equal(bars.length, 48);
    assert.equal(
      bars.reduce((sum, { count }) => sum + count, 0),
      6,
    );
    assert.equal(bars[47]?.count, 1);
    assert.equal(bars[0]?.count, 1);
  });

  it('has an edge at the configured maximum: a bar is late as a whole, or not', () => {
    const bars = histogramBars(bins, histogramScale([40, 180]), 48);
    assert.equal(
      bars.filter(({ isLate }) => isLate).reduce((sum, { count }) => sum + count, 0),
      2,
    );
    assert.equal(bars.find(({ isLate }) => isLate)?.from, 180);
  });

  it('has a scale where the network is configured to take no time', () => {
    const scale = histogramScale([0, 0]);
    assert.equal(scale.end, 10);
    assert.equal(shareOf(scale, 5), 0.5);
    assert.equal(shareOf(scale, 50), 1);
  });
});
