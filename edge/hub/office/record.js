// The recorder of a reply. It puts what was recorded into the form's own file field, so that the form is sent as it always is;
// where the browser cannot record, the field alone is there.
"use strict";
const kind = "audio/webm;codecs=opus";
const recorder = document.getElementById("recorder");

if (recorder && window.isSecureContext && navigator.mediaDevices && window.MediaRecorder && MediaRecorder.isTypeSupported(kind)) {
  recorder.hidden = false;
  const button = document.getElementById("record");
  const told = document.getElementById("recorded");
  const listen = document.getElementById("listen");
  const longest = 5 * 60 * 1000;
  let running = null;

  const start = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    running = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 24000 });
    const parts = [];
    running.ondataavailable = (e) => parts.push(e.data);
    running.onstop = () => {
      stream.getTracks().forEach((track) => track.stop());
      const file = new File(parts, "reply.webm", { type: "audio/webm" });
      const files = new DataTransfer();
      files.items.add(file);
      document.getElementById("voice").files = files.files;
      URL.revokeObjectURL(listen.src);
      listen.src = URL.createObjectURL(file);
      listen.hidden = false;
      show(false, told.dataset.done);
      running = null;
    };
    running.start();
    setTimeout(stop, longest);
    show(true, told.dataset.recording);
  };
  const stop = () => { if (running && running.state === "recording") running.stop(); };
  const show = (on, text) => {
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? button.dataset.stop : button.dataset.start;
    told.textContent = text;
  };
  button.addEventListener("click", () => running ? stop() : start().catch(() => show(false, told.dataset.failed)));
}
