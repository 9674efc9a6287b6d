/**
 * The look. A page may set --setu-accent, --setu-on-accent, --setu-radius, --setu-font, --setu-offset, --setu-z and
 * style ::part(launcher) and ::part(panel); an inbox may set the first ones by its options (--inbox-…).
 * Logical properties throughout, so right-to-left needs no rules of its own beyond mirrored arrows.
 */
import {css} from "../vendor/lit.js";

const tokens = css`
  :host {
    all: initial;
    --accent: var(--setu-accent, var(--inbox-accent, #0e6658));
    --on-accent: var(--setu-on-accent, var(--inbox-on-accent, #fff));
    --radius: var(--setu-radius, var(--inbox-radius, 20px));
    --offset: var(--setu-offset, var(--inbox-offset, 20px));
    --ground: #f6f5f2;
    --surface: #fff;
    --raised: #fff;
    --ink: #1d2526;
    --soft: #586465;
    --line: #e3e1db;
    --tint: color-mix(in srgb, var(--accent) 9%, var(--surface));
    --tint-line: color-mix(in srgb, var(--accent) 22%, var(--surface));
    --link: color-mix(in srgb, var(--accent) 88%, #000);
    --warm: #fdf1dd;
    --warm-ink: #6b4300;
    --bad: #a3222c;
    --shadow: 0 1px 2px rgb(20 30 30 / 6%), 0 12px 40px rgb(20 30 30 / 18%);
    position: fixed;
    z-index: var(--setu-z, 2147483000);
    inset-block-end: 0;
    inset-inline-end: 0;
    color: var(--ink);
    font: 15px/1.45 var(--setu-font, var(--inbox-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif));
  }
  :host([hidden]) { display: none; }
  :host([data-scheme="dark"]) {
    color-scheme: dark;
    --accent: var(--setu-accent, var(--inbox-accent, #57c7b0));
    --on-accent: var(--setu-on-accent, var(--inbox-on-accent, #06231e));
    --ground: #14191a;
    --surface: #1b2122;
    --raised: #262e2f;
    --ink: #e9eeee;
    --soft: #a2afb0;
    --line: #333d3e;
    --tint: color-mix(in srgb, var(--accent) 14%, var(--surface));
    --tint-line: color-mix(in srgb, var(--accent) 34%, var(--surface));
    --link: color-mix(in srgb, var(--accent) 60%, #fff);
    --warm: #3a2f1b;
    --warm-ink: #f6d9a0;
    --bad: #ff9b9b;
    --shadow: 0 12px 40px rgb(0 0 0 / 55%);
  }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  h2, h3, p, ul { margin: 0; padding: 0; }
  button, textarea { font: inherit; color: inherit; }
  button { cursor: pointer; border: 0; background: none; padding: 0; -webkit-tap-highlight-color: transparent; }
  button:disabled { cursor: default; }
  svg { width: 1.35em; height: 1.35em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
  :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const frame = css`
  .launcher {
    position: fixed; inset-block-end: var(--offset); inset-inline-end: var(--offset);
    display: grid; place-items: center; width: 60px; height: 60px; border-radius: 50%;
    background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow); transition: transform .18s;
  }
  .launcher:hover { transform: translateY(-2px); }
  .launcher svg { width: 28px; height: 28px; }
  :host([data-side="start"]) :is(.launcher, .panel) { inset-inline: var(--offset) auto; }
  .badge {
    position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-width: 22px; padding: 0 6px;
    border-radius: 11px; background: #b3261e; color: #fff; font-size: 12px; font-weight: 650; line-height: 22px; text-align: center;
    box-shadow: 0 0 0 2px var(--surface);
  }
  .panel {
    position: fixed; inset-block-end: calc(var(--offset) + 74px); inset-inline-end: var(--offset);
    display: flex; flex-direction: column; width: 392px; max-width: calc(100vw - 2 * var(--offset));
    height: min(680px, calc(100dvh - var(--offset) * 2 - 84px)); overflow: hidden; border-radius: var(--radius);
    background: var(--ground); box-shadow: var(--shadow), 0 0 0 1px var(--line); animation: rise .2s ease-out;
  }
  .panel.small { height: auto; padding: 20px; background: var(--surface); }
  .small p { display: flex; gap: 10px; }
  @keyframes rise { from { opacity: 0; transform: translateY(12px) scale(.985); } }
  .head { display: flex; align-items: center; gap: 10px; padding-block: 14px 13px; padding-inline: 16px 10px; background: var(--surface); border-block-end: 1px solid var(--line); }
  .head .avatar { width: 40px; height: 40px; font-size: 17px; }
  .head .avatar svg { width: 24px; height: 24px; }
  .who { flex: 1; min-width: 0; }
  h2 { font-size: 16px; font-weight: 650; line-height: 1.25; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .who p { display: flex; align-items: center; gap: 6px; font-size: 13px; color: var(--soft); }
  .dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: #8a9494; }
  .dot[data-owner="bot"] { background: #2f9e83; }
  .dot[data-owner="agent"] { background: #d9822b; }
  .dot[data-owner="queue"] { background: #d9b02b; }
  .icon { display: grid; place-items: center; width: 38px; height: 38px; border-radius: 12px; color: var(--soft); }
  .icon:hover { background: var(--tint); color: var(--ink); }
  .avatar { display: grid; place-items: center; flex: none; width: 28px; height: 28px; border-radius: 50%; background: var(--tint); color: var(--link); font-size: 13px; font-weight: 650; }
  .avatar svg { width: 18px; height: 18px; }
  .avatar.person { background: var(--warm); color: var(--warm-ink); }
  .banner { padding: 7px 16px; font-size: 13px; text-align: center; background: var(--warm); color: var(--warm-ink); }
  .banner[data-line="back"] { background: var(--tint); color: var(--ink); }
  .standing { display: flex; gap: 10px; padding: 10px 16px; font-size: 13.5px; line-height: 1.4; background: var(--warm); color: var(--warm-ink); }
  .stage { position: relative; flex: 1; min-height: 0; display: flex; }
  .log { flex: 1; min-width: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 16px; scrollbar-width: thin; }
  .log:focus-visible { outline-offset: -3px; }
  .pill {
    position: absolute; inset-block-end: 12px; inset-inline: 0; margin: auto; width: fit-content; display: flex; align-items: center; gap: 6px;
    padding: 7px 15px; border-radius: 18px; background: var(--ink); color: var(--ground); font-size: 13.5px; box-shadow: var(--shadow);
  }
`;

const talk = css`
  .welcome { display: grid; justify-items: center; gap: 8px; padding: 12px 20px 20px; text-align: center; }
  .mark { display: grid; place-items: center; width: 56px; height: 56px; border-radius: 18px; background: var(--tint); color: var(--link); }
  .mark svg { width: 32px; height: 32px; stroke-width: 1.5; }
  .hello { font-size: 16px; font-weight: 600; text-wrap: balance; white-space: pre-line; }
  .small { font-size: 13px; color: var(--soft); text-wrap: balance; }
  .day, .system { display: flex; align-items: center; gap: 12px; margin: 16px 0 12px; font-size: 12.5px; color: var(--soft); }
  .day::before, .day::after { content: ""; flex: 1; height: 1px; background: var(--line); }
  .day span::first-letter { text-transform: uppercase; }
  .system { justify-content: center; text-align: center; }
  .system span { max-width: 86%; padding: 5px 14px; border-radius: 14px; background: color-mix(in srgb, var(--ink) 6%, transparent); white-space: pre-line; overflow-wrap: anywhere; }
  .row { position: relative; display: flex; flex-direction: column; align-items: flex-start; gap: 5px; margin-block-start: 3px; padding-inline-start: 38px; }
  .row.first { margin-block-start: 14px; }
  .row.customer { align-items: flex-end; padding-inline: 44px 0; }
  .row > .avatar { position: absolute; inset-inline-start: 0; inset-block-start: 0; }
  .row.first > .avatar { inset-block-start: 23px; }
  .row.typing > .avatar { inset-block-start: 5px; }
  .author { display: flex; gap: 7px; align-items: baseline; font-size: 12.5px; font-weight: 600; color: var(--soft); }
  .kind { font-weight: 400; }
  .bubble {
    max-width: 100%; padding: 9px 14px; border-radius: 18px; background: var(--raised); box-shadow: 0 0 0 1px var(--line);
    white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext;
  }
  .bot.first .bubble, .agent.first .bubble { border-start-start-radius: 6px; }
  .agent .bubble { background: var(--warm); box-shadow: none; }
  .customer .bubble { background: var(--accent); color: var(--on-accent); box-shadow: none; border-end-end-radius: 6px; }
  .customer .bubble[data-pending="true"] { background: color-mix(in srgb, var(--accent) 84%, var(--ground)); }
  a { color: var(--link); text-underline-offset: 2px; }
  .customer a { color: inherit; }
  .meta { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; min-height: 17px; font-size: 12px; color: var(--soft); }
  .customer .meta { justify-content: flex-end; }
  .tick { display: inline-flex; align-items: center; gap: 3px; }
  .tick[data-state="read"] { color: var(--link); }
  .failed { gap: 0 8px; margin-inline-start: -44px; color: var(--bad); }
  .text { text-decoration: underline; text-underline-offset: 2px; font-weight: 600; color: var(--ink); padding: 4px 2px; }
  .picture { display: block; max-width: 100%; max-height: 260px; border-radius: 14px; }
  .chips { display: flex; flex-wrap: wrap; gap: 7px; margin-block-start: 3px; }
  .chip {
    display: inline-flex; align-items: center; gap: 6px; min-height: 36px; padding: 6px 14px; border-radius: 18px; text-align: start;
    background: var(--surface); color: var(--link); font-size: 14px; font-weight: 550; box-shadow: inset 0 0 0 1.5px var(--tint-line); transition: background .15s;
  }
  .chip:enabled:hover { background: var(--tint); box-shadow: inset 0 0 0 1.5px var(--link); }
  .chip:disabled { color: var(--soft); font-weight: 450; background: transparent; box-shadow: inset 0 0 0 1px var(--line); }
  .chip[data-chosen="true"] { background: var(--tint); color: var(--ink); font-weight: 600; box-shadow: inset 0 0 0 1.5px var(--link); }
  .chip svg { width: 16px; height: 16px; color: var(--link); stroke-width: 2.4; }
  .typing .bubble { display: flex; gap: 4px; padding: 14px; }
  .typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: breathe 1.2s infinite ease-in-out; }
  .typing i:nth-child(2) { animation-delay: .15s; }
  .typing i:nth-child(3) { animation-delay: .3s; }
  @keyframes breathe { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; transform: translateY(-2px); } }
`;

const files = css`
  .file { display: inline-flex; align-items: center; gap: 10px; max-width: 100%; padding: 9px 14px; border-radius: 16px; background: var(--raised); box-shadow: 0 0 0 1px var(--line); color: var(--ink) !important; text-decoration: none; }
  a.file:hover { box-shadow: 0 0 0 1.5px var(--link); }
  .file svg { color: var(--link); }
  .file span, .what { display: grid; min-width: 0; }
  .file bdi, .what bdi { justify-self: start; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .file bdi { font-weight: 550; }
  small { font-size: 12.5px; color: var(--soft); }
  .file:is([data-state="refused"], [data-state="lost"], [data-state="expired"]) svg { color: var(--soft); }
  .shot { display: block; max-width: 100%; border-radius: 14px; }
  .shot .picture { height: auto; background: var(--tint); }
  audio { width: 250px; max-width: 100%; height: 44px; }
  video { width: 250px; max-width: 100%; max-height: 260px; border-radius: 14px; background: #000; }
  .bubble.gone { background: none !important; color: var(--soft); font-style: italic; box-shadow: inset 0 0 0 1px var(--line) !important; }
  .edited { font-style: italic; }
  .tray { display: grid; gap: 6px; max-height: 190px; margin-block-end: 8px; overflow: hidden auto; list-style: none; }
  .tray li { display: flex; align-items: center; gap: 10px; padding: 5px; border-radius: 14px; background: var(--ground); font-size: 14px; }
  .tray li[data-failed="true"] :is(small, .thumb) { color: var(--bad); }
  .thumb { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 10px; overflow: hidden; background: var(--tint); color: var(--link); }
  .thumb canvas { width: 100%; height: 100%; }
  .what { flex: 1; gap: 3px; }
  progress { width: 100%; height: 5px; border: 0; border-radius: 3px; overflow: hidden; background: var(--line); accent-color: var(--accent); appearance: none; }
  progress::-webkit-progress-bar { background: var(--line); }
  progress::-webkit-progress-value, progress::-moz-progress-bar { background: var(--accent); }
  .drop { display: grid; place-items: center; flex: none; width: 32px; height: 32px; border-radius: 10px; color: var(--soft); }
  .drop:hover { background: var(--tint); color: var(--ink); }
  .drop svg { width: 16px; height: 16px; }
  .trouble { padding-block-end: 8px; font-size: 13px; color: var(--bad); }
  .attach { flex: none; width: 36px; height: 36px; border-radius: 50%; }
  .dropzone { position: absolute; inset: 12px; display: flex; align-items: center; justify-content: center; gap: 10px; border: 2px dashed var(--link); border-radius: 16px; background: color-mix(in srgb, var(--surface) 92%, transparent); font-weight: 600; pointer-events: none; }
`;

const cards = css`
  .carousel { position: relative; align-self: stretch; margin-inline: -54px -16px; }
  .cards { display: flex; list-style: none; overflow-x: auto; overscroll-behavior-x: contain; scroll-snap-type: x mandatory; scroll-padding-inline: 54px; padding: 4px 16px 10px; padding-inline-start: 54px; scrollbar-width: none; }
  .cards:focus-visible { outline-offset: -2px; border-radius: 12px; }
  .card { position: relative; flex: none; display: flex; width: 212px; flex-direction: column; scroll-snap-align: start; padding-inline-end: 12px; }
  .card > img { width: 100%; height: 150px; object-fit: cover; border-radius: 16px 16px 0 0; background: var(--tint); box-shadow: 0 0 0 1px var(--line); }
  .card .body { flex: 1; display: flex; flex-direction: column; gap: 3px; padding: 11px 13px 13px; background: var(--raised); border-radius: 0 0 16px 16px; box-shadow: 0 0 0 1px var(--line); }
  .card .body:first-child { border-radius: 16px; }
  h3 { font-size: 14.5px; font-weight: 600; line-height: 1.3; }
  .price { font-weight: 650; font-variant-numeric: tabular-nums; }
  .subtitle { font-size: 13px; color: var(--soft); }
  .reason { display: flex; gap: 6px; margin-block: 5px 3px; padding: 6px 9px; border-radius: 10px; background: var(--tint); font-size: 12.5px; line-height: 1.35; }
  .reason svg { width: 15px; height: 15px; margin-block-start: 1px; color: var(--link); }
  .card [dir="auto"] { text-align: -webkit-match-parent; text-align: match-parent; }
  .card .chips { margin-block-start: auto; padding-block-start: 8px; }
  .card .chip { flex: 1 0 auto; justify-content: center; max-width: 100%; font-size: 13.5px; padding-inline: 10px; }
  .turn { position: absolute; inset-block-start: 58px; display: grid; place-items: center; width: 38px; height: 38px; border-radius: 50%; background: var(--surface); box-shadow: 0 1px 8px rgb(0 0 0 / 22%); }
  .turn.before { inset-inline-start: 8px; }
  .turn.after { inset-inline-end: 8px; }
  :host([dir="rtl"]) .turn svg { transform: scaleX(-1); }
  [data-at~="start"] .before, [data-at~="end"] .after { visibility: hidden; }
`;

const writing = css`
  .composer { padding: 10px 12px 9px; background: var(--surface); border-block-start: 1px solid var(--line); }
  .field { display: flex; align-items: flex-end; gap: 6px; padding: 4px; padding-inline-start: 14px; border-radius: 22px; background: var(--ground); box-shadow: inset 0 0 0 1px #8a9494; }
  .field:focus-within { box-shadow: inset 0 0 0 2px var(--link); }
  textarea { flex: 1; min-width: 0; max-height: 132px; padding: 7px 0; border: 0; outline: 0 !important; resize: none; background: none; line-height: 22px; }
  textarea::placeholder { color: var(--soft); opacity: 1; }
  .send { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
  .send:disabled { background: transparent; color: var(--soft); }
  .below { display: flex; align-items: center; justify-content: space-between; gap: 10px; min-height: 12px; padding-block-start: 5px; font-size: 13px; color: var(--soft); }
  .starters { justify-content: center; margin-block-start: 8px; }
  .search { position: absolute; inset: 0; overflow: hidden auto; padding: 14px 16px; background: var(--ground); animation: fade .15s; }
  .search .field { background: var(--surface); }
  .search input { flex: 1; min-width: 0; padding: 6px 0; border: 0; outline: 0 !important; background: none; color: inherit; font: inherit; }
  .search .small { padding-block: 10px 6px; }
  .search ul { display: grid; gap: 8px; padding: 0; list-style: none; }
  .search li { display: grid; gap: 3px; padding: 11px 14px; border-radius: 14px; background: var(--raised); box-shadow: 0 0 0 1px var(--line); font-size: 14px; }
  .search li .small { padding: 0; }
  .search li a { font-weight: 600; }
  .search li p { white-space: pre-line; overflow-wrap: anywhere; }
  .ask { display: inline-flex; align-items: center; gap: 6px; min-height: 30px; padding: 3px 10px; border-radius: 15px; color: var(--soft); font-weight: 550; }
  .ask:hover { background: var(--tint); color: var(--ink); }
  .counter { margin-inline-start: auto; font-variant-numeric: tabular-nums; }
  .counter[data-over="true"] { color: var(--bad); font-weight: 600; }
  @media (max-width: 480px) {
    .panel { inset: 0; width: auto; max-width: none; height: var(--height, 100dvh); border-radius: 0; animation-name: fade; padding-block-end: env(safe-area-inset-bottom); }
    .panel.small { inset-block-start: auto; }
    :host([data-side]) .panel { inset-inline: 0; }
    :host([open]) .launcher { display: none; }
    textarea { font-size: 16px; }
    .chip { min-height: 40px; border-radius: 20px; }
  }
  @keyframes fade { from { opacity: 0; } }
  @media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; scroll-behavior: auto !important; } }
  @media (forced-colors: active) { .bubble, .chip, .panel, .launcher, .field { border: 1px solid; } }
`;

export const styles = [tokens, frame, talk, files, cards, writing];
