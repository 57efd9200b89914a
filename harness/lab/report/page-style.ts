/** The page's look: the system's fonts, light and dark by the reader's choice, nothing that needs colours alone. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fff, #16191d);
  --raised: light-dark(#f5f6f8, #20252b);
  --ink: light-dark(#1b1f24, #e6e9ed);
  --faint: light-dark(#5a636e, #9aa5b1);
  --line: light-dark(#d5dae0, #3a424c);
  --link: light-dark(#0b5cad, #7db8f5);
  --held: light-dark(#b7e3c0, #1f5f38);
  --held-ink: light-dark(#14532d, #bdf0cd);
  --broken: light-dark(#d63a3a, #c93c3c);
  --broken-ink: light-dark(#b42323, #ff9d9d);
  --everywhere: light-dark(#f6dcc9, #57402c);
  --mixed: light-dark(#f3a6a0, #8a3a37);
  --unknown: light-dark(#d4d8dd, #4a525c);
  --life: light-dark(#9cbbe0, #35598a);
  --fault: light-dark(#eec07a, #86602a);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .5rem; }
h4 { font-size: .85rem; margin: 1rem 0 .25rem; color: var(--faint); }
p { margin: .25rem 0 .5rem; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
.definitions { position: absolute; }
.verdict { display: inline-block; padding: 0 .5em; border-radius: .25em; font-weight: 600; border: 1px solid currentColor; }
.verdict.held, .count.held { color: var(--held-ink); }
.verdict.broken, .count.broken { color: var(--broken-ink); }
.verdict.unknown, .count.unknown { color: var(--faint); }
.count { font-weight: 600; }
.letter { display: inline-block; min-width: 1.5em; text-align: center; border: 1px solid currentColor; border-radius: .25em; font-weight: 700; }
.source, .reason { color: var(--faint); font-size: .85rem; }
.contents, .classes, .legend, .steps, .evidence { padding: 0; margin: .25rem 0; list-style: none; }
.contents li { margin: .25rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-bottom: .75rem; font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.legend .hint { color: var(--faint); }
.maps { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; }
figure { margin: 0; min-width: 0; max-width: 100%; }
figcaption { font-weight: 600; font-size: .9rem; margin-bottom: .25rem; }
.scroll { overflow-x: auto; padding: 3px; }
svg.map { display: block; }
.legend svg { flex: none; }
rect.cell.held { fill: var(--held); }
rect.cell.everywhere { fill: var(--everywhere); }
rect.cell.mixed { fill: var(--mixed); }
rect.cell.broken { fill: var(--broken); }
rect.cell.unknown { fill: var(--unknown); }
rect.cell.empty { fill: none; stroke: var(--line); stroke-dasharray: 2 2; }
.pattern-line { stroke: light-dark(#0000002b, #ffffff2b); }
text.mark { font-weight: 700; }
text.mark.broken { fill: #fff; }
text.axis, .schedule text.axis { fill: var(--faint); font-size: 11px; }
a.cell { outline: none; cursor: pointer; }
a.cell:hover rect.cell, a.cell:focus rect.cell { stroke: var(--ink); stroke-width: 2.5; }
.detail { position: sticky; bottom: 0; margin-top: .75rem; padding: .5rem .75rem; max-height: 45vh; overflow: auto; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; font-size: .9rem; }
.detail-title { font-weight: 600; }
.detail ul { margin: 0; padding-left: 1.1rem; }
.detail .classes, .trials .classes { padding: 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: 1rem; }
.panel, .class { border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; min-width: 0; }
.panel h3, .class > h3 { margin-top: 0; }
.class { margin-bottom: 1rem; }
.bars { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem 1.5rem; margin: .5rem 0; }
.schedule svg, .threshold svg { display: block; width: 100%; max-width: 34rem; height: auto; overflow: visible; }
.threshold { max-width: 34rem; margin: .75rem 0; }
rect.life { fill: var(--life); }
rect.fault { fill: var(--fault); stroke: var(--ink); stroke-dasharray: 3 2; stroke-width: .75; }
text.name.fault { font-style: italic; }
path.tick { stroke: var(--line); }
path.later { stroke: var(--faint); stroke-dasharray: 4 3; }
circle.step { fill: var(--paper); stroke: var(--ink); }
text.step { font-size: 10px; font-weight: 700; }
.steps { list-style: decimal; padding-left: 1.5rem; font-size: .85rem; }
.threshold path { stroke-width: 6; fill: none; }
path.open { stroke: var(--line); }
path.held { stroke: light-dark(#2e9e52, #3fae66); }
path.broken { stroke: var(--broken); }
.threshold path.end { stroke-width: 2.5; }
.threshold text.held { fill: var(--held-ink); }
.threshold text.broken { fill: var(--broken-ink); }
.evidence li { margin: .25rem 0; padding-left: .75rem; border-left: 3px solid var(--line); }
q { font-family: ui-monospace, monospace; font-size: .85rem; quotes: none; }
.remedies { margin: .25rem 0; padding-left: 1.5rem; }
.command { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: .25rem 0; }
.command code { background: var(--raised); border: 1px solid var(--line); border-radius: .25rem; padding: .15rem .5rem; user-select: all; }
code { font: .85rem ui-monospace, monospace; }
button { font: inherit; font-size: .8rem; padding: .1rem .6rem; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: .25rem; cursor: pointer; }
.folders { font-size: .85rem; color: var(--faint); }
.trials > li { margin: .6rem 0; padding-bottom: .6rem; border-bottom: 1px solid var(--line); }
.trials > li:target { background: var(--raised); outline: 2px solid var(--link); }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1rem; margin: .5rem 0; }
dt { color: var(--faint); }
dd { margin: 0; min-width: 0; }
summary { cursor: pointer; padding: .25rem 0; }
@media (max-width: 30rem) {
  body { padding: .75rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; }
  .panel, .class { padding: .6rem .7rem; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; font-size: 11pt; }
  .detail, .copy { display: none; }
  .class, .panel, .map-figure, .schedule { break-inside: avoid; }
  .scroll { overflow: visible; }
  svg.map { max-width: 100%; height: auto; }
  * { print-color-adjust: exact; }
}
`;
