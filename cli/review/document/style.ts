/** Dark on light, at least 7:1; wide tables and pictures scroll by themselves; on paper everything is there. */
export const STYLE = `
:root { color-scheme: light; --ink: #1b1f24; --soft: #4a5560; --line: #c9d1d9; --ground: #fff; --head: #f3f5f7; --good: #0b5a2b; --bad: #8c1c13; --link: #0a4a8f; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 82rem; color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; } h2 { margin-top: 3rem; padding-top: .5rem; border-top: 2px solid var(--line); font-size: 1.4rem; } h3 { margin-top: 2rem; font-size: 1.1rem; }
a { color: var(--link); } a:focus-visible, .wide:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; padding: .5rem; background: var(--ground); }
nav ol { columns: 3 14rem; padding-left: 1.5rem; }
p, li { max-width: 75ch; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .55rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { background: var(--head); } tbody th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.verdict { padding: .6rem .9rem; border-left: .4rem solid; background: var(--head); max-width: 90ch; } .good { border-color: var(--good); } .good strong { color: var(--good); } .bad { border-color: var(--bad); } .bad strong { color: var(--bad); }
figure { margin: 1.5rem 0; } figcaption { font-weight: 600; margin-bottom: .5rem; }
figure svg { max-width: 100%; height: auto; }
pre { overflow-x: auto; padding: .75rem; background: var(--head); font-size: .8rem; }
@media print { nav, .skip, details { display: none; } body { max-width: none; padding: 0; font-size: 10pt; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; } .wide { overflow: visible; } thead { display: table-header-group; } }
`;
