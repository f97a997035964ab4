// Plays sound in its message: one at a time, with the length that its sender told, and a position that is shown and
// set by a slider.
// @ts-check

/** What is played now. @type {HTMLElement | undefined} */
let current;

/** What is listened to already. @type {WeakSet<HTMLElement>} */
const heard = new WeakSet();

/** @param {HTMLElement} sound */
const partsOf = (sound) => ({
  audio: /** @type {HTMLAudioElement} */ (sound.querySelector("audio")),
  button: /** @type {HTMLButtonElement} */ (sound.querySelector("button")),
  slider: /** @type {HTMLInputElement} */ (sound.querySelector("input")),
  time: /** @type {HTMLElement} */ (sound.querySelector("time")),
});

/**
 * Plays a sound, or pauses it.
 * @param {HTMLElement} sound
 */
export function toggle(sound) {
  const { audio } = partsOf(sound);
  listen(sound);
  if (!audio.paused) return audio.pause();
  if (current && current !== sound) partsOf(current).audio.pause();
  current = sound;
  audio.play().catch(() => sound.classList.add("plain"));
}

/**
 * Goes to where the slider stands.
 * @param {HTMLElement} sound
 */
export function seek(sound) {
  const { audio, slider } = partsOf(sound);
  listen(sound);
  audio.currentTime = Number(slider.value) / 1000;
  show(sound);
}

/** @param {HTMLElement} sound */
function listen(sound) {
  if (heard.has(sound)) return;
  heard.add(sound);
  const { audio, button, slider } = partsOf(sound);
  // The element's own length is wrong for what was recorded in one go: it counts only where none was told.
  audio.addEventListener("loadedmetadata", () => {
    if (Number(slider.max) === 0 && Number.isFinite(audio.duration)) slider.max = String(Math.round(audio.duration * 1000));
    show(sound);
  });
  const told = () => {
    const label = audio.paused ? button.dataset.play : button.dataset.pause;
    button.setAttribute("aria-label", label ?? "");
    sound.classList.toggle("playing", !audio.paused);
  };
  audio.addEventListener("play", told);
  audio.addEventListener("pause", told);
  audio.addEventListener("timeupdate", () => show(sound));
  audio.addEventListener("ended", () => {
    audio.currentTime = 0;
    show(sound);
  });
}

/** @param {HTMLElement} sound */
function show(sound) {
  const { audio, slider, time } = partsOf(sound);
  const at = Math.round(audio.currentTime * 1000);
  slider.value = String(at);
  slider.setAttribute("aria-valuetext", clock(at));
  time.textContent = clock(at > 0 ? at : Number(slider.max));
  const peaks = sound.querySelectorAll("rect");
  const share = at / (Number(slider.max) || 1);
  peaks.forEach((peak, index) => peak.classList.toggle("played", index < share * peaks.length));
}

/**
 * A length such as 1:05.
 * @param {number} ms
 */
function clock(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
