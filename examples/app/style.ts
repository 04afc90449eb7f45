import { createHash } from 'node:crypto';

/** The style of all pages. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2430, #e6eaf0);
  --soft: light-dark(#566072, #a3adbd);
  --line: light-dark(#d9dee6, #38414f);
  --card: light-dark(#ffffff, #1d242e);
  --ground: light-dark(#f3f5f8, #12171e);
  --accent: light-dark(#0b5cad, #8bbcff);
  --alarm: light-dark(#b00020, #ff8a80);
  --good: light-dark(#12683a, #7fd6a2);
  --good-ground: light-dark(#e2f4e9, #173526);
  font: 100%/1.5 system-ui, sans-serif;
  color: var(--ink);
  background: var(--ground);
}
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: clamp(1.5rem, 8vh, 4rem) 1rem 3rem; }
h1 { margin: 0 0 0.25rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 0; font-size: 1.0625rem; line-height: 1.4; }
p { margin: 0 0 1rem; }
strong { unicode-bidi: isolate; }
a { color: var(--accent); }
label { display: block; margin-bottom: 0.25rem; font-weight: 600; }
input, button { font: inherit; color: inherit; border-radius: 0.5rem; }
input { width: 100%; max-width: 24rem; padding: 0.5rem 0.75rem; border: 1px solid var(--soft); background: var(--card); }
button { padding: 0.45rem 0.9rem; border: 1px solid var(--soft); background: var(--card); font-weight: 600; cursor: pointer; }
button:hover { border-color: var(--ink); }
.main { border-color: transparent; background: var(--accent); color: var(--card); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.field { margin: 1.5rem 0 1rem; }
.soft { color: var(--soft); font-size: 0.9375rem; }
.notice, .alarm { padding: 0.6rem 0.9rem; border-radius: 0.5rem; }
.notice { color: var(--good); background: var(--good-ground); }
.alarm { color: var(--alarm); border: 1px solid currentcolor; }
.devices { list-style: none; margin: 1.25rem 0; padding: 0; border: 1px solid var(--line); border-radius: 0.75rem; background: var(--card); }
.devices > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 1rem; padding: 1rem 1.25rem; }
.devices > li + li { border-top: 1px solid var(--line); }
.about { flex: 1 1 14rem; min-width: 0; }
.about p { margin: 0.15rem 0 0; }
.own { padding: 0.3rem 0.75rem; border-radius: 2rem; color: var(--good); background: var(--good-ground); font-size: 0.9375rem; font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 1.25rem; margin-top: 1.5rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/** The Content-Security-Policy allows only the style with this hash. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
