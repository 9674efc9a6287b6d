/**
 * As much of Socket.IO (protocol 5 on Engine.IO 4) as the widget needs: one namespace, text packets, events,
 * acknowledgements, heartbeat, coming back after a loss; over WebSocket, or long polling where that is blocked.
 * The whole client would be a third of all the bytes a shop's visitor loads.
 * https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/
 */
const BETWEEN = "\x1e"; // packets of one polling body
const [OPEN, CLOSE, PING, PONG, MESSAGE] = "01234";
const [CONNECT, DISCONNECT, EVENT, ACK, REFUSED] = "01234";
const LONGEST = 5_000; // ms between two attempts

export class Wire {
  /** `auth()` gives the namespace's credentials; `on` has connect(), disconnect(), refused() and event(name, data). */
  constructor({url, namespace, auth, on}) {
    Object.assign(this, {url, namespace, auth, on});
    this.connected = false;
    this.asked = new Map(); // acknowledgement number → {resolve, reject}
    this.count = 0;
    this.attempt = 0;
    this.transport = websocket;
  }

  open() {
    if (this.line) return;
    clearTimeout(this.again);
    const line = (this.line = {});
    const mine = (work) => (value) => line === this.line && work(value);
    Object.assign(line, this.transport(this.url, mine((packet) => this.#packet(packet)), mine(() => this.#lost())));
    this.#expect(8_000);
  }

  /** Hangs up for good, or until the next open(). */
  close() {
    clearTimeout(this.again);
    if (this.connected) this.line.send(MESSAGE + DISCONNECT + this.namespace + ",");
    this.#drop();
  }

  /** Hangs up and dials again at once. */
  redial() {
    this.#drop();
    this.open();
  }

  emit(name, data) {
    if (this.connected) this.line.send(`${MESSAGE}${EVENT}${this.namespace},${JSON.stringify([name, data])}`);
  }

  /** Emits and waits for the acknowledgement; rejects when none comes in `wait` ms, or the line is lost. */
  ask(name, data, wait) {
    return new Promise((resolve, reject) => {
      if (!this.connected) return reject(new Error("not connected"));
      const number = this.count++;
      const timer = setTimeout(() => this.#answer(number, "reject", new Error("no answer")), wait);
      this.asked.set(number, {resolve, reject, timer});
      this.line.send(`${MESSAGE}${EVENT}${this.namespace},${number}${JSON.stringify([name, data])}`);
    });
  }

  #answer(number, how, value) {
    const asked = this.asked.get(number);
    if (!asked) return;
    this.asked.delete(number);
    clearTimeout(asked.timer);
    asked[how](value);
  }

  #packet(packet) {
    const [kind, body] = [packet[0], packet.slice(1)];
    this.line.proven = true;
    if (kind === OPEN) {
      const {pingInterval, pingTimeout} = JSON.parse(body);
      this.patience = pingInterval + pingTimeout;
      this.line.send(`${MESSAGE}${CONNECT}${this.namespace},${JSON.stringify(this.auth())}`);
    } else if (kind === PING) this.line.send(PONG);
    else if (kind === MESSAGE) this.#message(body);
    else if (kind === CLOSE) return this.#lost();
    if (this.line) this.#expect(this.patience);
  }

  #message(body) {
    const [, kind, number, data] = /^(\d)(?:\/[^,]*,?)?(\d*)(.*)$/s.exec(body);
    if (kind === CONNECT) {
      this.connected = true;
      this.attempt = 0;
      this.on.connect();
    } else if (kind === EVENT) this.on.event(...JSON.parse(data));
    else if (kind === ACK) this.#answer(Number(number), "resolve", JSON.parse(data)[0]);
    else if (kind === REFUSED) {
      this.#drop();
      this.on.refused();
    } else if (kind === DISCONNECT) this.#lost();
  }

  /** The gateway pings; a line on which nothing comes for that long is dead, whatever the browser thinks. */
  #expect(wait) {
    clearTimeout(this.heartbeat);
    this.heartbeat = setTimeout(() => this.#lost(), wait);
  }

  #lost() {
    if (!this.line.proven) this.transport = this.transport === websocket ? polling : websocket;
    this.#drop();
    const wait = Math.min(LONGEST, 400 * 2 ** this.attempt++) * (0.7 + 0.6 * Math.random());
    this.again = setTimeout(() => this.open(), wait);
  }

  #drop() {
    clearTimeout(this.heartbeat);
    const {line, connected} = this;
    this.line = null;
    this.connected = false;
    line?.close();
    for (const number of [...this.asked.keys()]) this.#answer(number, "reject", new Error("connection lost"));
    if (connected) this.on.disconnect();
  }
}

function websocket(url, take, lost) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/?EIO=4&transport=websocket`);
  socket.onmessage = ({data}) => take(data);
  socket.onclose = lost;
  return {send: (packet) => socket.readyState === 1 && socket.send(packet), close: () => socket.close()};
}

function polling(url, take, lost) {
  const off = new AbortController();
  let sid = "";
  let sending = Promise.resolve();
  const call = async (options) => {
    const address = `${url}/?EIO=4&transport=polling${sid && `&sid=${sid}`}`;
    const response = await fetch(address, {credentials: "omit", cache: "no-store", signal: off.signal, ...options});
    if (!response.ok) throw new Error(`polling: ${response.status}`);
    return response.text();
  };
  const listen = async () => {
    for (;;) {
      for (const packet of (await call()).split(BETWEEN)) {
        if (packet[0] === OPEN) sid = JSON.parse(packet.slice(1)).sid;
        take(packet);
      }
    }
  };
  listen().catch(lost);
  const post = (body) => call({method: "POST", headers: {"content-type": "text/plain;charset=UTF-8"}, body});
  return {send: (packet) => (sending = sending.then(() => post(packet)).catch(lost)), close: () => off.abort()};
}
