"use strict";
// The farmer's page. Texts come from the box in the farmer's language; whatever comes from content or speech is only ever
// set as text, never as HTML.

const $ = (id) => document.getElementById(id);
const IDLE = 30000; // ms without a touch or a sound, after which the next person begins
const TENDING = 180000; // the same while somebody tends to the poisoned and comes back for the number

let texts = {}, languages = [], session = newSession(), answer = null;
let stopRecording = null, idle = 0, asking = 0, choosing = 0;
let leave = new AbortController(); // ends the call whose answer is awaited, and with it the writing

function newSession() {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// say gives a text of the page, with {name} replaced.
function say(key, values = {}) {
  return (texts[key] || key).replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// remember and recall survive browsers that keep nothing.
function remember(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* private mode */ } }
function recall(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }

// request talks to the box; a problem is thrown with the box's own words for the farmer, and the key by which they are said.
async function request(path, options = {}) {
  let reply;
  try {
    reply = await fetch(path, options);
  } catch (e) {
    throw new Error(say("no_box"));
  }
  if (reply.ok) return reply;
  const problem = await reply.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail || say("no_box")), { key: problem.code && "error_" + problem.code });
}

async function call(path, options) {
  const reply = await request(path, options);
  return reply.status === 204 ? null : reply.json();
}
const post = (path, body) => call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// tell asks for an answer part by part: hear gets each part as soon as it may be said, and the answer comes last.
async function tell(path, options, hear) {
  const reply = await request(path, { ...options, method: "POST", signal: leave.signal, headers: { ...options.headers, Accept: "application/x-ndjson" } });
  let answer = null;
  try {
    await eachLine(reply.body.getReader(), (line) => { line.part ? hear(line.part) : (answer = line.answer); });
  } catch (e) { /* it broke off */ }
  if (!answer) throw new Error(say("no_box"));
  return answer;
}

async function eachLine(reader, each) {
  const decoder = new TextDecoder();
  for (let rest = ""; ;) {
    const { done, value } = await reader.read();
    const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = lines.pop();
    lines.forEach((line) => each(JSON.parse(line)));
    if (done) return;
  }
}

// ---- language

async function chooseLanguage(lang) {
  const mine = ++choosing;
  const query = "?lang=" + encodeURIComponent(lang);
  const [messages, guided] = await Promise.all([call("/v1/messages" + query), call("/v1/menu" + query)]);
  if (mine !== choosing) return; // another was chosen meanwhile
  texts = messages.texts;
  document.documentElement.lang = lang;
  remember("lang", lang);
  $("lang").value = lang;
  document.querySelectorAll("[data-text]").forEach((e) => { e.textContent = say(e.dataset.text); });
  const known = languages.find((l) => l.lang === lang) || {};
  $("hears").textContent = say(known.heard ? "hears" : "hears_not", { language: known.name });
  $("talk").disabled = !known.heard;
  $(known.heard ? "menu" : "form").before($("hears")); // where one may write in place of speaking, it stands there
  document.dispatchEvent(new Event("texts"));
  takeMenu(guided);
}

// ---- asking

// ask sends a question: path and options are those of the call.
async function ask(path, options) {
  silence();
  const mine = ++asking; // a later question, or a new person, makes this one's answer unwanted
  leave.abort();
  leave = new AbortController();
  awaitSound();
  document.dispatchEvent(new Event("next"));
  show("problem", false);
  show("answer", false);
  show("busy", true);
  try {
    const whole = await tell(path, await options, (part) => { if (mine === asking) showPart(part); });
    if (mine === asking) showAnswer(whole);
  } catch (e) {
    if (mine === asking) showProblem(e.message, e.key);
  }
  if (mine === asking) show("busy", false);
  touch();
}

const askText = (question) => ask("/v1/ask", { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...about(), ...question }) });

const about = () => ({
  lang: $("lang").value, session,
  consent: { words: $("words").checked, voice: false },
  gender: document.querySelector("[name=gender]:checked").value,
});

function askAudio(buffer) {
  const a = about();
  const query = new URLSearchParams({ lang: a.lang, session, consent: a.consent.words ? "words" : "", gender: a.gender });
  const wav = toWav(buffer.slice(0)).catch(() => new Blob([buffer])); // the box may know what the browser does not
  return ask("/v1/ask/audio?" + query, wav.then((body) => ({ headers: { "Content-Type": "audio/wav" }, body })));
}

async function talk() {
  if (stopRecording) {
    const stop = stopRecording;
    stopRecording = null;
    talkButton(false);
    return askAudio(await stop());
  }
  if (!canRecord()) return $("file").click();
  silence();
  try {
    stopRecording = await startRecording(talk);
    talkButton(true);
  } catch (e) {
    showProblem(say("no_microphone"), "no_microphone");
  }
}

function talkButton(on) {
  $("talk").classList.toggle("on", on);
  $("talk-label").textContent = say(on ? "talking" : "talk");
}

// ---- the answer

function show(id, visible) { $(id).hidden = !visible; }

function fill(id, children) {
  $(id).textContent = "";
  $(id).append(...children);
}

// showProblem shows what went wrong, and says it to those who do not read: key names its words.
function showProblem(text, key) {
  if (key) sayAloud(key);
  $("problem").textContent = text;
  show("problem", true);
  $("problem").scrollIntoView({ block: "nearest" }); // what was pressed may stand far below
}

// showPart shows and plays a part of an answer that is still written.
function showPart(part) {
  if ($("answer").hidden) {
    ["heard", "about", "advice", "noted"].forEach((id) => { $(id).textContent = ""; });
    ["source", "rate", "help", "controls", "simpler", "take-code"].forEach((id) => show(id, false));
    fill("choices", []);
    reveal();
  }
  $("advice").lang = part.lang;
  $("advice").append(part.text + " ");
  hear(part.sound);
}

// reveal brings the answer before the farmer's eyes.
function reveal() {
  show("answer", true);
  show("new", true);
  $("answer").focus({ preventScroll: true });
  $("answer").scrollIntoView({ block: "start" });
}

function showAnswer(a) {
  answer = a;
  const cited = a.citations[0];
  $("heard").textContent = a.heard && a.reason !== "confirm" ? say("heard", { text: a.heard }) : "";
  $("about").textContent = cited ? cited.title : "";
  $("number").textContent = cited ? numberOf(cited.document) : "";
  $("advice").textContent = a.text;
  $("advice").lang = a.lang;
  $("source-name").textContent = cited ? cited.source : "";
  $("review").textContent = say(a.reviewed ? "reviewed" : "unreviewed");
  $("review").classList.toggle("reviewed", a.reviewed);
  show("source", Boolean(cited));
  show("rate", a.outcome === "answered");
  show("help", true);
  $("up").setAttribute("aria-pressed", "false");
  $("down").setAttribute("aria-pressed", "false");
  $("noted").textContent = a.notice;
  $("choices").classList.toggle("confirm", a.reason === "confirm");
  fill("choices", a.choices.map(a.reason === "confirm" ? confirmButton : choiceButton));
  showHelp(a);
  offerUse(a);
  if ($("answer").hidden) reveal();
  hear(a.sound.slice(sounds.length));
  show("controls", a.sound.length > 0 || Boolean(a.simple)); // a box without a voice says it simpler too
  hungry = false;
}

const choose = (choice) => askText({ choice: choice.value });

function choiceButton(choice, i) {
  const button = document.createElement("button");
  const number = document.createElement("b");
  button.type = "button";
  number.textContent = i + 1;
  button.append(number, choice.label);
  button.addEventListener("click", () => choose(choice));
  return button;
}

// inDanger tells whether somebody should be called before anything is read.
const inDanger = (a) => ["despair", "poisoned", "call_vet"].includes(a.reason) || a.contacts.some((c) => c.kind === "poison");

// showHelp puts whom to call beside the person button: above the advice where somebody is in danger, and in despair the person first.
function showHelp(a) {
  fill("contacts", a.contacts.map(callLink));
  $("help").classList.toggle("despair", a.reason === "despair");
  $("help").prepend($(a.reason === "despair" ? "person" : "contacts"));
  $(inDanger(a) ? "advice" : "noted").before($("help"));
}

function callLink(contact) {
  const link = document.createElement("a");
  const who = document.createElement("span");
  const number = document.createElement("b");
  link.className = "call";
  link.href = "tel:" + contact.number.replaceAll(" ", "");
  who.textContent = [...new Set([say("contact_" + contact.kind), contact.name])].filter(Boolean).join(", ");
  number.textContent = contact.number;
  link.append(who, number);
  return link;
}

// ---- what the farmer thinks

async function rate(rating) {
  try {
    await post("/v1/answers/" + answer.id + "/rating", { rating, session });
    $("up").setAttribute("aria-pressed", String(rating === "up"));
    $("down").setAttribute("aria-pressed", String(rating === "down"));
    $("noted").textContent = say("thanks");
  } catch (e) {
    showProblem(e.message, e.key);
  }
}

// ---- one person after another

function nextPerson() {
  const before = session;
  session = newSession();
  asking++;
  leave.abort();
  answer = null;
  sounds = [];
  silence();
  $("player").removeAttribute("src");
  if (stopRecording) stopRecording();
  stopRecording = null;
  talkButton(false);
  $("form").reset();
  $("words").checked = false;
  document.querySelector("[name=gender]").checked = true;
  ["answer", "problem", "busy", "new"].forEach((id) => show(id, false));
  ["heard", "about", "number", "advice", "source-name", "noted"].forEach((id) => { $(id).textContent = ""; });
  fill("choices", []);
  fill("contacts", []);
  menuHome();
  document.dispatchEvent(new Event("next"));
  clearTimeout(idle);
  post("/v1/sessions/" + before + "/end", {}).catch(() => {}); // the box forgets by itself too
}

// touch starts the wait for the next person anew.
function touch() {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (!$("player").paused || said || stopRecording || !$("busy").hidden) return touch();
    if (answer || trail.length || $("text").value || $("code").value) nextPerson();
  }, answer && answer.reason !== "despair" && inDanger(answer) ? TENDING : IDLE);
}

// ---- start

async function start() {
  startMenu();
  $("talk").addEventListener("click", talk);
  $("file").addEventListener("change", async () => {
    const [file] = $("file").files;
    $("file").value = "";
    if (file) askAudio(await file.arrayBuffer());
  });
  $("form").addEventListener("submit", (e) => {
    e.preventDefault();
    const text = $("text").value;
    $("text").blur(); // a phone's keyboard would hide the answer
    askText({ text }).then(() => { $("text").value = ""; });
  });
  $("play").addEventListener("click", () => ($("play").classList.contains("on") ? silence() : play()));
  $("slower").addEventListener("click", () => { slow = true; play(); });
  $("up").addEventListener("click", () => rate("up"));
  $("down").addEventListener("click", () => rate("down"));
  $("new").addEventListener("click", nextPerson);
  ["pointerdown", "keydown", "input", "scroll"].forEach((e) => document.addEventListener(e, touch));
  $("lang").addEventListener("change", () => chooseLanguage($("lang").value).catch((e) => showProblem(e.message, e.key)));
  try {
    languages = (await call("/v1/status")).languages;
    fill("lang", languages.map((l) => new Option(l.name, l.lang)));
    const last = languages.find((l) => l.lang === recall("lang"));
    const own = languages.filter((l) => l.village); // a phone's own language counts among them
    const first = (own.length ? own : languages).find((l) => l.lang === navigator.language.slice(0, 2));
    await chooseLanguage((last || first || languages[0]).lang);
  } catch (e) {
    showProblem(e.message, e.key);
  }
}

start();
