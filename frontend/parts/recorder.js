// Records a voice message: begins at once, shows how long it is, and ends with Send or Discard, or by itself at the
// longest that one may be. While its button is held, letting go sends and sliding off discards.
// @ts-check
import { sendVoice } from "./attachments.js";
import { Hold, TAP_MS } from "./hold.js";
import { looks } from "./looks.js";
import { hydrated, place } from "./place.js";

/** A voice message ends after five minutes, in milliseconds. */
const LONGEST_MS = 300_000;
/** What is shorter was a slip, in milliseconds. */
const SHORTEST_MS = TAP_MS;
/** So many peaks draw its waveform. */
const PEAKS = 64;
/** How often it is listened how loud it is, in milliseconds. */
const LISTEN_MS = 50;
/** What every browser plays first; what others record. */
const TYPES = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/webm"];

let isRecording = false;

/** What this is opened by. */
const BUTTON = "[data-part=recorder]";
document.addEventListener("pointerdown", (press) => {
  /** @type {HTMLElement | null} */
  const button = /** @type {Element} */ (press.target).closest(BUTTON);
  if (button && press.isPrimary && press.button === 0) open(button, new Hold(button));
});
/** What is pressed while this was loaded (starter.js). @type {HTMLElement | null} */
const held = document.querySelector(`${BUTTON}[data-held]`);
if (held) open(held, new Hold(held));

/**
 * Records beside the field.
 * @param {HTMLElement} button what was pressed
 * @param {Hold} [hold] while it is pressed
 */
export async function open(button, hold) {
  if (isRecording) return;
  isRecording = true;
  await Promise.all([looks(), hydrated()]);
  const above = place();
  if (!above) return void (isRecording = false);
  const views = /** @type {HTMLTemplateElement} */ (document.getElementById("attachment-views"));
  /** @param {string} view @returns {HTMLElement} */
  const view = (view) => /** @type {HTMLElement} */ (/** @type {Element} */ (views.content.querySelector(view)).cloneNode(true));
  above.querySelector(".no-microphone")?.remove();
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    const note = view(".no-microphone");
    note.setAttribute("role", "alert");
    above.append(note);
    isRecording = false;
    return;
  }
  const bar = view(".recording");
  above.append(bar);
  const voice = await recorded(stream, bar, hold);
  isRecording = false;
  bar.remove();
  button.focus();
  if (voice) await sendVoice(voice.blob, voice.facts);
}

/**
 * @param {MediaStream} stream
 * @param {HTMLElement} bar
 * @param {Hold} [hold]
 * @returns {Promise<{ blob: Blob; facts: Record<string, string> } | undefined>} undefined where it was discarded
 */
function recorded(stream, bar, hold) {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 48_000 });
  const context = new AudioContext();
  const ear = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  /** @type {Blob[]} */
  const pieces = [];
  /** @type {number[]} */
  const loudness = [];
  const began = performance.now();
  let length = 0;
  let isWanted = true;
  const time = /** @type {HTMLElement} */ (bar.querySelector("time"));
  const end = (/** @type {boolean} */ wanted) => {
    if (recorder.state === "inactive") return;
    length = performance.now() - began;
    isWanted = wanted && length >= SHORTEST_MS;
    recorder.stop();
  };
  const timer = setInterval(() => {
    const ms = performance.now() - began;
    ear.getFloatTimeDomainData(samples);
    loudness.push(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
    time.textContent = `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
    if (ms >= LONGEST_MS) end(true);
  }, LISTEN_MS);
  bar.querySelector(".send-voice")?.addEventListener("click", () => end(true));
  bar.querySelector(".discard")?.addEventListener("click", () => end(false));
  bar.addEventListener("keydown", (press) => {
    if (press.key !== "Escape") return;
    press.stopPropagation();
    end(false);
  });
  const lock = () => /** @type {HTMLElement | null} */ (bar.querySelector(".send-voice"))?.focus();
  // Who was asked meanwhile whether the microphone may be used has let go for that.
  if (!hold || hold.isOver) lock();
  else {
    bar.classList.add("held");
    hold.slid = (isOff) => bar.classList.toggle("off", isOff);
    hold.ended.then((ending) => {
      bar.classList.remove("held", "off");
      if (ending === "tap") lock();
      else end(ending === "release");
    });
  }
  return new Promise((done) => {
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = recorder.onerror = () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      context.close();
      const blob = new Blob(pieces, { type: recorder.mimeType.split(";")[0] });
      const facts = { duration_ms: String(Math.round(length)), waveform: peaks(loudness).join() };
      done(isWanted && blob.size > 0 ? { blob, facts } : undefined);
    };
    // In pieces, so that what was said so far is there when it ends.
    recorder.start(1000);
  });
}

/**
 * At most so many peaks, the loudest 100.
 * @param {number[]} loudness
 */
function peaks(loudness) {
  const loudest = Math.max(...loudness, 0.01);
  const count = Math.min(PEAKS, loudness.length);
  return Array.from({ length: count }, (_, index) => {
    const part = loudness.slice(Math.floor((index * loudness.length) / count), Math.floor(((index + 1) * loudness.length) / count));
    return Math.round((Math.max(...part) / loudest) * 100);
  });
}
