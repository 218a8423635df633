"use strict";
// Recording and decoding in the page: whatever the phone records becomes 16 kHz mono WAV before it is sent, because every
// browser can decode its own recordings, and the box need not.

const RATE = 16000; // Hz
const LONGEST = 60; // seconds the box listens to

// toWav decodes any recording the browser knows. It rejects what cannot be decoded.
async function toWav(buffer) {
  const Offline = window.OfflineAudioContext || window.webkitOfflineAudioContext;
  const sound = await new Promise((done, fail) => new Offline(1, RATE, RATE).decodeAudioData(buffer, done, fail));
  const length = Math.min(sound.length, RATE * LONGEST);
  const mono = new Float32Array(length);
  for (let c = 0; c < sound.numberOfChannels; c++) {
    const channel = sound.getChannelData(c);
    for (let i = 0; i < length; i++) mono[i] += channel[i] / sound.numberOfChannels;
  }
  return wavFile(mono);
}

// wavFile is 16-bit PCM with a header of 44 bytes.
function wavFile(mono) {
  const view = new DataView(new ArrayBuffer(44 + 2 * mono.length));
  const ascii = (at, s) => [...s].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  ascii(0, "RIFF"); view.setUint32(4, 36 + 2 * mono.length, true); ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true); view.setUint32(28, 2 * RATE, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  ascii(36, "data"); view.setUint32(40, 2 * mono.length, true);
  mono.forEach((x, i) => view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, x)) * 32767, true));
  return new Blob([view.buffer], { type: "audio/wav" });
}

// canRecord: browsers give the microphone only to localhost and https.
const canRecord = () => window.isSecureContext && navigator.mediaDevices && window.MediaRecorder;

// startRecording gives a stop function that resolves to the bytes recorded. tooLong is called when the box would not listen longer.
async function startRecording(tooLong) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  const recorder = new MediaRecorder(stream);
  const parts = [];
  recorder.ondataavailable = (e) => parts.push(e.data);
  const stopped = new Promise((done) => { recorder.onstop = done; });
  recorder.start();
  const limit = setTimeout(tooLong, LONGEST * 1000);
  return async () => {
    clearTimeout(limit);
    recorder.stop();
    await stopped;
    stream.getTracks().forEach((t) => t.stop());
    return new Blob(parts).arrayBuffer();
  };
}
