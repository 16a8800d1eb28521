/**
 * The look of the report, as one style sheet: two colours and grey, dark where the reader's system is dark. Every
 * colour has a name, and what a colour says is said by a word, a number or a shape as well.
 */
import { Html } from './html.ts'

export const style = new Html(`
:root {
  color-scheme: light dark;
  --bg: #ffffff; --panel: #f6f8fa; --line: #d0d7de; --text: #1f2328; --muted: #57606a;
  --primary: #0b5fa5; --secondary: #b34700; --grey: #8a8f98;
  --primary-rgb: 11, 95, 165; --secondary-rgb: 179, 71, 0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0d1117; --panel: #161b22; --line: #30363d; --text: #e6edf3; --muted: #9da7b3;
    --primary: #6cb6ff; --secondary: #ffa657; --grey: #8b949e;
    --primary-rgb: 108, 182, 255; --secondary-rgb: 255, 166, 87;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 48px 0 4px; padding-top: 16px; border-top: 1px solid var(--line); }
p { margin: 4px 0 12px; max-width: 68ch; }
.muted, caption { color: var(--muted); }
.notice { max-width: none; margin: 16px 0; padding: 8px 12px; }
.notice { border: 1px solid var(--secondary); border-left-width: 6px; }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
.method { margin: 0 0 16px; font-size: 0.9375rem; }
.method div { display: grid; grid-template-columns: 8.5rem 1fr; gap: 12px; padding: 2px 0; }
.method dt { color: var(--muted); }
.method dd { margin: 0; }
pre { margin: 12px 0; padding: 8px 12px; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
pre { font: 0.875rem/1.5 ui-monospace, monospace; }
.command span { display: inline-block; max-width: 100%; }
.command { display: block; margin-top: 4px; padding: 8px 12px; background: var(--panel); }
.command, .facts div { border: 1px solid var(--line); border-radius: 6px; }
p:has(.command) { max-width: none; }
.facts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px; margin: 20px 0; }
.facts div { padding: 8px 12px; }
.facts dt { color: var(--muted); font-size: 0.875rem; }
.facts dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts .first { border: 2px solid var(--primary); }
.facts .first dd { color: var(--primary); }

.scroll { overflow-x: auto; margin: 12px 0; }
.scroll:focus-visible { outline: 2px solid var(--primary); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9375rem; }
caption { max-width: calc(100vw - 32px); text-align: left; padding-bottom: 6px; font-size: 0.9375rem; }
th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { vertical-align: bottom; white-space: normal; }
th:first-child, th[scope=row] { text-align: left; }
.word { text-align: left; white-space: normal; min-width: 6rem; }
.good { color: var(--primary); font-weight: 600; }
.bad { color: var(--secondary); font-weight: 600; }

.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0 4px; font-size: 0.875rem; }
.legend, .mistakes { list-style: none; padding: 0; }
.legend svg { width: 30px; height: 12px; margin-right: 6px; vertical-align: -1px; }
figure { margin: 0; }
.chart { display: block; width: 100%; height: auto; }
.chart text { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
.chart .heading { fill: var(--text); font-size: 13px; font-weight: 600; }
.narrow { display: none; }
@media (max-width: 600px) {
  main { padding: 16px; }
  .facts { grid-template-columns: repeat(2, 1fr); }
  .wide { display: none; }
  .narrow { display: block; }
  .method div { grid-template-columns: 1fr; gap: 0; padding: 3px 0; }
  pre { white-space: pre-wrap; font-size: 0.8125rem; }
  .epochs { width: 100%; }
  .epochs th, .epochs td { padding: 4px 5px; }
}
.axis { stroke: var(--grey); fill: none; }
.grid { stroke: var(--line); fill: none; }
.epoch { stroke: var(--grey); stroke-dasharray: 2 4; fill: none; }
.raw, .smooth, .accuracy { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.raw { stroke: var(--grey); stroke-width: 1; opacity: 0.65; }
.dots { stroke: var(--grey); stroke-width: 5; stroke-linecap: round; }
.smooth { stroke: var(--primary); stroke-width: 2.25; }
.accuracy { stroke: var(--primary); stroke-width: 1.75; stroke-dasharray: 6 4; }
.point { fill: var(--bg); stroke: var(--primary); stroke-width: 2; }
.mark { stroke: var(--secondary); fill: none; stroke-width: 2; }
.hover { fill: transparent; }
.hover:hover { fill: rgba(var(--primary-rgb), 0.12); }

.norms { width: 100%; }
.norms th[scope=row] { white-space: normal; overflow-wrap: anywhere; }
.norms .layer th { padding-top: 14px; border-bottom: 0; }
.norms tbody tr:not(.layer) th { padding-left: 20px; font-weight: 400; }
.norms .bars { width: 65%; min-width: 96px; padding-left: 0; padding-right: 0; }
.norms .ruler { position: relative; height: 1.5em; font-weight: 400; color: var(--muted); font-size: 0.8125rem; }
.norms .ruler span { position: absolute; bottom: 0; transform: translateX(-50%); }
.norms .ruler span:first-child { transform: none; }
.norms .ruler span:last-child { transform: translateX(-100%); }
@media (max-width: 600px) {
  .norms th, .norms td { padding-left: 4px; }
  .norms tbody tr:not(.layer) th { padding-left: 12px; }
  .norms .bars { width: 42%; }
  .norms .ruler span:not(:first-child, :last-child) { display: none; }
}
.norms .track {
  height: 18px;
  background: repeating-linear-gradient(90deg, var(--line) 0 1px, transparent 1px var(--decade));
}
.norms .bar { height: 100%; background: var(--primary); border-radius: 0 3px 3px 0; }
.norms .outline { background: none; border: 2px solid var(--primary); border-left: 0; }
.norms .odd { width: 100%; background: repeating-linear-gradient(45deg, var(--secondary) 0 3px, transparent 3px 8px); }

.confusion { font-size: 0.875rem; }
.confusion th, .confusion td { padding: 5px 7px; min-width: 3.4rem; }
.confusion tbody th { position: sticky; left: 0; background: var(--bg); }
.confusion .right { background: rgba(var(--primary-rgb), var(--share)); font-weight: 700; }
.confusion .wrong { background: rgba(var(--secondary-rgb), var(--share)); }
.confusion .nothing { color: var(--muted); }
.confusion .sum { border-left: 1px solid var(--line); }

.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(118px, 1fr)); gap: 16px 12px; }
.mistakes { margin: 16px 0; }
.mistakes img { display: block; width: 112px; height: 112px; border: 1px solid var(--grey); border-radius: 4px; }
.mistakes img { image-rendering: pixelated; }
.mistakes figcaption { font-size: 0.875rem; line-height: 1.35; margin-top: 4px; }
@media print { .scroll { overflow: visible; } h2 { break-after: avoid; } }
`)
