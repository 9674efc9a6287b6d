/** A soft two-note chime; nothing to load. Silent where the browser has not yet allowed sound. */
export function chime() {
  const audio = new AudioContext();
  [660, 880].forEach((frequency, note) => {
    const at = audio.currentTime + note * 0.12;
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.frequency.value = frequency;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(0.06, at + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(level).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  });
  setTimeout(() => audio.close(), 1000);
}
