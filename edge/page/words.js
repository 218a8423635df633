"use strict";
// The page of local words: an officer writes what people here say, chooses what it means, and sees how far each word has come.

let lang = "", chosen = "", stopRecording = null, asked = 0;

const chooseLanguage = trying(async (wanted) => {
  const shown = await call("/v1/words?lang=" + encodeURIComponent(wanted));
  lang = shown.lang;
  await speak(lang);
  offer(shown.languages, lang);
  $("say").hidden = !shown.languages.some((l) => l.lang === lang && l.heard);
  list(shown.words);
  choose(null);
});

async function refresh() {
  list((await call("/v1/words?lang=" + lang)).words);
}

function part(tag, text, name = "") {
  const e = document.createElement(tag);
  e.textContent = text;
  e.className = name;
  return e;
}

function list(words) {
  $("empty").hidden = words.length > 0;
  $("words").replaceChildren(...words.map((w) => {
    const line = part("li", "", w.state);
    line.lang = w.lang;
    const remove = part("button", say("words_remove"));
    remove.type = "button";
    remove.addEventListener("click", trying(async () => {
      await post("/v1/words/removal?lang=" + lang, { name: w.name, lang: w.lang });
      $("saved").textContent = "";
      await refresh();
    }));
    const about = document.createElement("div");
    about.append(part("b", w.name), part("span", w.means), part("small", w.says));
    if (w.picture) line.append(picture(w.picture));
    line.append(about, remove);
    return line;
  }));
}

const find = trying(async () => {
  const now = ++asked;
  const text = $("find").value.trim();
  const about = new URLSearchParams({ lang, find: text });
  const concepts = text ? (await call("/v1/words/concepts?" + about)).concepts : [];
  if (now !== asked) return; // more was typed meanwhile
  choose(null);
  $("means").textContent = text && !concepts.length ? say("words_none") : "";
  $("found").replaceChildren(...concepts.map((c) => {
    const tile = part("button", "", "tile");
    tile.type = "button";
    tile.dataset.concept = c.id;
    tile.setAttribute("aria-pressed", "false");
    if (c.picture) tile.append(picture(c.picture));
    tile.append(part("span", c.name));
    tile.addEventListener("click", () => choose(c));
    return tile;
  }));
});

function choose(concept) {
  chosen = concept ? concept.id : "";
  $("means").textContent = concept ? say("words_means", { name: concept.names.slice(0, 4).join(", ") || concept.name }) : "";
  document.querySelectorAll("#found button").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.concept === chosen)));
}

const save = trying(async () => {
  $("saved").textContent = "";
  if (!chosen && $("name").value.trim()) throw new Error(say("words_choose"));
  const word = await post("/v1/words?lang=" + lang, { name: $("name").value, concept: chosen, lang });
  $("saved").textContent = say("words_saved", { text: word.name });
  for (const id of ["name", "find"]) $(id).value = "";
  $("heard").textContent = "";
  $("found").replaceChildren();
  choose(null);
  await refresh();
});

const hear = trying(async () => {
  if (!stopRecording) {
    if (!canRecord()) throw new Error(say("no_microphone"));
    stopRecording = await startRecording(hear);
    $("say").textContent = say("record_stop");
    return;
  }
  const stop = stopRecording;
  stopRecording = null;
  $("say").textContent = say("words_say");
  const buffer = await stop();
  const wav = await toWav(buffer.slice(0)).catch(() => new Blob([buffer])); // the box may know what the browser does not
  const { heard } = await call("/v1/words/audio?lang=" + lang, { method: "POST", body: wav });
  $("heard").textContent = heard ? say("words_heard", { text: heard }) : "";
});

$("form").addEventListener("submit", (e) => { e.preventDefault(); save(); });
$("find").addEventListener("input", find);
$("say").addEventListener("click", hear);
$("lang").addEventListener("change", () => chooseLanguage($("lang").value));
chooseLanguage(navigator.language.slice(0, 2)).then(() => { if (!lang) chooseLanguage("en"); });
