/** Files: those of a message, and those being attached to the next one. */
import {html, nothing, repeat} from "../vendor/lit.js";
import {icons} from "./icons.js";
import {safeUrl} from "./links.js";

const WIDEST = 250; // pixels of a picture in the talk
const HIGHEST = 260;
const KINDS = ["image", "audio", "video", "file"];

/** What came with a message, or goes with it. */
export function attached(message, chat) {
  const {files, location} = message.rich ?? {};
  return html`${files?.map((file) => one(file, chat))}${location ? place(location, chat.words) : nothing}`;
}

function one(file, {words, connection}) {
  const kind = KINDS.includes(file.kind) ? file.kind : "file";
  const label = file.name || words.say(`kind_${kind}`);
  if (file.state !== "ready") {
    const waits = file.state === "waiting";
    return html`<div class="file" data-state=${file.state}>${waits ? icons.clock : icons.alert}
      <span><bdi>${label}</bdi><small>${words.say(`file_${file.state}`)}</small></span></div>`;
  }
  const url = safeUrl(`files/${encodeURIComponent(file.id)}`, connection.base);
  if (kind === "image") return picture(file, url, label, words);
  if (kind === "audio") return html`<audio controls preload="none" src=${url} aria-label=${label}></audio>`;
  if (kind === "video") return html`<video controls preload="metadata" playsinline src=${url} aria-label=${label}></video>`;
  return html`<a class="file" href=${url} target="_blank" rel="noopener" download=${label}>
    ${icons.file}<span class="sr">${words.say("file_save")} </span><span><bdi>${label}</bdi><small>${words.size(file.size)}</small></span></a>`;
}

/** Its place is kept free before it is there, so that nothing jumps. */
function picture({name, width, height}, url, label, words) {
  const scale = Math.min(1, WIDEST / (width || WIDEST), HIGHEST / (height || HIGHEST));
  const alt = name ? `${words.say("kind_image")}: ${label}` : label;
  return html`<a class="shot" href=${url} target="_blank" rel="noopener"><img class="picture" src=${url} alt=${alt} loading="lazy"
    width=${width ? Math.round(width * scale) : nothing} height=${height ? Math.round(height * scale) : nothing} /></a>`;
}

function place({latitude, longitude, name}, words) {
  const [north, east] = [Number(latitude), Number(longitude)];
  if (!Number.isFinite(north) || !Number.isFinite(east)) return nothing;
  const map = `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=16/${north}/${east}`;
  return html`<a class="file" href=${map} target="_blank" rel="noopener noreferrer">${icons.pin}
    <span><bdi>${name || `${north.toFixed(4)}, ${east.toFixed(4)}`}</bdi><small>${words.say("place_map")}</small></span></a>`;
}

/** The files of the message being written. */
export function tray({uploads, words}) {
  const {list, trouble, told} = uploads;
  return html`
    <span class="sr" role="status">${told}</span>
    <p class="trouble" role="alert" ?hidden=${!trouble}>${trouble}</p>
    ${list.length ? html`<ul class="tray" aria-label=${words.say("attached")}>${repeat(list, ({key}) => key, (upload) => card(upload, uploads, words))}</ul>` : nothing}`;
}

function card(upload, uploads, words) {
  const {name, size, progress, failed, final, entry, thumb} = upload;
  const percent = Math.round(progress * 100);
  return html`<li data-failed=${Boolean(failed)}>
    <span class="thumb" aria-hidden="true">${thumb ?? (failed ? icons.alert : icons.file)}</span>
    <span class="what"><bdi>${name}</bdi>
      ${failed ? html`<small role="alert">${failed}</small>`
        : entry ? html`<small>${words.size(size)}</small>`
        : html`<progress max="100" .value=${percent} aria-label=${words.say("file_uploading", {name})}></progress>`}</span>
    ${failed && !final ? html`<button type="button" class="text" aria-label=${words.say("file_retry", {name})}
      @click=${() => uploads.retry(upload)}>${words.say("retry")}</button>` : nothing}
    <button type="button" class="drop" aria-label=${words.say("file_remove", {name})} title=${words.say("file_remove", {name})}
      @click=${() => uploads.remove(upload)}>${icons.close}</button>
  </li>`;
}
