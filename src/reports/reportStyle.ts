import { markup } from './markup.ts';

/** Tones of text and paper differ by 4.5 to 1 at least, in both schemes and on every shade of the latency table. */
export const REPORT_STYLE = markup`
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --quiet: #57606a; --line: #d0d7de; --good: #116329; --bad: #a40e26; --warn: #7a4b00; --heat: 9 105 218; }
body { margin: 0 auto; padding: 1.5rem; max-width: 64rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; margin: .5rem 0; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: .6rem; }
a { color: inherit; text-decoration: underline; }
footer, .quiet { color: var(--quiet); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.verdict { font-size: 1.1rem; font-weight: 600; margin: .4rem 0; }
.heat { width: auto; } .heat td, .heat th { text-align: right; }
.h1 { background: rgb(var(--heat) / 6%); } .h2 { background: rgb(var(--heat) / 12%); } .h3 { background: rgb(var(--heat) / 18%); } .h4 { background: rgb(var(--heat) / 24%); }
@media screen and (prefers-color-scheme: dark) {
:root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9da7b3; --line: #3d444d; --good: #56d364; --bad: #ff938a; --warn: #e3b341; --heat: 88 166 255; }
}
@media print { body { padding: 0; max-width: none; font-size: 11px; } section, tr { break-inside: avoid; } a[download] { display: none; } }
`;
