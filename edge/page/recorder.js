"use strict";
// The recorder's page: an officer reads one text after the other, hears what was made of it, and keeps it or reads it again.

let waiting = [], take = null, stopRecording = null;

const chooseLanguage = trying(async (lang) => {
  const about = "?lang=" + encodeURIComponent(lang);
  const list = await call("/v1/record/texts" + about);
  await speak(list.lang);
  offer(list.languages, list.lang);
  waiting = list.texts.filter((t) => t.state !== "fresh");
  showNext();
});

function showNext() {
  take = null;
  const [next] = waiting;
  $("left").textContent = next ? say("record_left", { count: waiting.length }) : say("record_done");
  $("reading").hidden = !next;
  $("made").hidden = true;
  recordButton(false);
  if (!next) return;
  $("words").textContent = next.text;
  $("stale").textContent = next.state === "stale" ? say("record_stale", { name: next.by }) : "";
}

function recordButton(on) {
  $("record").textContent = say(on ? "record_stop" : "record_start");
  $("record").classList.toggle("on", on);
}

const record = trying(async () => {
  if (stopRecording) {
    const stop = stopRecording;
    stopRecording = null;
    recordButton(false);
    return send(await stop());
  }
  if (!canRecord()) return $("file").click(); // the phone's own recorder
  stopRecording = await startRecording(record);
  recordButton(true);
});

async function send(buffer) {
  const wav = await toWav(buffer.slice(0)).catch(() => new Blob([buffer])); // the box may know what the browser does not
  const [text] = waiting;
  const about = new URLSearchParams({ lang: text.lang, text: text.kind + "/" + text.id });
  take = await call("/v1/record/takes/audio?" + about, { method: "POST", body: wav });
  $("made").hidden = false;
  play();
}

function play() {
  $("player").src = take.sound;
  $("player").play().catch(() => {}); // a browser that wants a touch first has the button
}

const keep = trying(async () => {
  const by = $("by").value.trim();
  if (!by) {
    $("by").focus();
    throw new Error(say("record_who"));
  }
  await post("/v1/record/takes/" + take.id + "/keep", { by });
  $("player").pause();
  waiting.shift();
  showNext();
});

$("record").addEventListener("click", record);
$("choose").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", trying(async () => {
  const [file] = $("file").files;
  $("file").value = "";
  if (file) await send(await file.arrayBuffer());
}));
$("play").addEventListener("click", play);
$("keep").addEventListener("click", keep);
$("skip").addEventListener("click", () => { waiting.push(waiting.shift()); showNext(); });
$("form").addEventListener("submit", (e) => e.preventDefault());
$("lang").addEventListener("change", () => chooseLanguage($("lang").value));
chooseLanguage(navigator.language.slice(0, 2)).then(() => { if (!waiting.length && !$("problem").hidden) chooseLanguage("en"); });
