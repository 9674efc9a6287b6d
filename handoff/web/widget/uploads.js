/** Files on their way up, before they are sent with a message: each with its progress, to be cancelled or tried again. */
const MANY = 10; // in one message, as the gateway has it
const THUMB = 96; // pixels of a small picture's side
const SLOW = 200_000; // ms

export class Uploads {
  constructor(chat) {
    Object.assign(this, {chat, list: [], trouble: "", told: "", dragging: false});
  }

  /** Bytes that one may have; 0: none are taken. */
  get limit() {
    return this.chat.connection?.started?.limits?.file ?? 0;
  }

  get ready() {
    return this.list.filter((upload) => upload.entry);
  }

  get busy() {
    return this.list.some((upload) => !upload.entry && !upload.failed);
  }

  /** Takes files in and starts to upload them. */
  add(files) {
    const {limit} = this;
    const {words} = this.chat;
    this.trouble = "";
    for (const file of files) {
      if (this.list.length >= MANY) {
        this.trouble = words.say("file_many", {count: MANY});
        break;
      }
      const name = file.name || words.say(file.type.startsWith("image/") ? "kind_image" : "kind_file");
      const upload = {key: Symbol(name), file, name, size: file.size, progress: 0};
      this.list = [...this.list, upload];
      if (file.type.startsWith("image/")) this.#draw(upload);
      if (file.size > limit) this.#mark(upload, {failed: words.say("file_large", {limit: words.size(limit)}), final: true});
      else this.#start(upload);
    }
    this.changed();
    this.chat.field.value?.focus();
  }

  /** Opens the system's dialog to choose files. */
  choose = () => {
    const input = Object.assign(document.createElement("input"), {type: "file", multiple: true});
    input.onchange = () => this.add(input.files);
    input.click();
  };

  pasted = (event) => {
    const {clipboardData: data} = event;
    if (!data.files.length || !this.limit || data.getData("text/plain")) return; // tables come as pictures too
    event.preventDefault();
    this.add(data.files);
  };

  dragged = (event) => {
    if (!this.limit || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    const over = event.type === "dragover";
    if (over === this.dragging) return;
    this.dragging = over;
    this.changed();
  };

  dropped = (event) => {
    if (!this.dragging) return;
    event.preventDefault();
    this.dragging = false;
    this.add(event.dataTransfer.files);
  };

  changed() {
    this.chat.requestUpdate();
  }

  retry(upload) {
    this.#mark(upload, {failed: "", progress: 0});
    this.#start(upload);
  }

  /** Cancels it, or takes it off the list. */
  remove(upload) {
    upload.call?.abort();
    this.list = this.list.filter((other) => other !== upload);
    this.trouble = "";
    this.changed();
  }

  /** Gives up what is ready to be sent, and forgets it here. */
  take() {
    const taken = this.ready.map((upload) => upload.entry);
    this.clear();
    return taken;
  }

  clear() {
    for (const upload of this.list) upload.call?.abort();
    Object.assign(this, {list: [], trouble: "", told: ""});
  }

  #mark(upload, change) {
    Object.assign(upload, change);
    const {words} = this.chat;
    if (upload.entry) this.told = words.say("file_attached", upload);
    else if (!upload.failed) this.told = words.say("file_uploading", upload);
    this.changed();
  }

  /** Only XMLHttpRequest tells how much has gone out. */
  #start(upload) {
    const {connection, words} = this.chat;
    const {base, inbox, storage} = connection;
    const call = (upload.call = new XMLHttpRequest());
    const fail = (failed, final) => upload.call === call && this.#mark(upload, {failed, final});
    call.open("POST", new URL(`api/widget/${encodeURIComponent(inbox)}/files`, base));
    call.timeout = SLOW;
    call.responseType = "json";
    call.setRequestHeader("authorization", `Bearer ${storage.get("token")}`);
    call.setRequestHeader("content-type", upload.file.type || "application/octet-stream");
    call.setRequestHeader("x-name", encodeURIComponent(upload.file.name.toWellFormed?.() ?? upload.file.name));
    call.upload.onprogress = ({loaded, total}) => this.#mark(upload, {progress: loaded / total});
    call.onload = () => {
      const {file, error} = call.response ?? {};
      if (call.status === 200 && file) this.#mark(upload, {entry: file, progress: 1});
      else fail(error?.message || words.say("file_failed"), call.status === 422 || call.status === 413);
    };
    call.onerror = call.ontimeout = () => fail(words.say("file_failed"), false);
    call.send(upload.file);
    this.#mark(upload, {progress: 0});
  }

  /** A small picture on a canvas: no address of it is made, so no page's policy can object. */
  async #draw(upload) {
    try {
      const image = await createImageBitmap(upload.file);
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = THUMB;
      const scale = Math.max(THUMB / image.width, THUMB / image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      canvas.getContext("2d").drawImage(image, (THUMB - width) / 2, (THUMB - height) / 2, width, height);
      image.close();
      upload.thumb = canvas;
      this.changed();
    } catch {
      // no picture a browser can read: its sign has to do
    }
  }
}
