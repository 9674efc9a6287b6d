// Calls the agent when a talk needs them: a soft sound and a desktop notification, each only if asked for.

let audio = null;

/** Two soft notes, made here so that no file is needed. */
export function chime() {
  audio ??= new AudioContext();
  for (const [frequency, delay] of [
    [659, 0],
    [880, 0.14],
  ]) {
    const start = audio.currentTime + delay;
    const note = new OscillatorNode(audio, { frequency, type: 'sine' });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.08, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    note.connect(volume).connect(audio.destination);
    note.start(start);
    note.stop(start + 0.55);
  }
}

/** Asks the browser for leave; true when it is given. */
export async function allowNotifications() {
  if (!('Notification' in globalThis)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** @param {{sound: boolean, notify: boolean}} settings @param {{title, body, tag, open: () => void}} news */
export function call(settings, { title, body, tag, open }) {
  if (settings.sound) chime();
  const allowed = settings.notify && globalThis.Notification?.permission === 'granted';
  if (!allowed || !document.hidden) return;
  const notification = new Notification(title, { body, tag, icon: '/desk/icon.svg' });
  notification.onclick = () => {
    globalThis.focus();
    open();
    notification.close();
  };
}
