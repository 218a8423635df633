"use strict";
// A person of the office: what may go to them is asked aloud, no is what silence means; and the way back to their reply.

const PICTURES = 9;

let replySounds = [];

// speak plays the pieces of sound one after the other, and tells before each which it is; what cannot be played is read.
async function speak(pieces, before = () => {}) {
  silence();
  const player = $("teller");
  for (const [i, piece] of pieces.entries()) {
    before(i);
    player.src = piece;
    const ended = new Promise((done) => { player.onended = player.onerror = player.onpause = done; });
    try { await player.play(); } catch (e) { return; }
    await ended;
    if (player.getAttribute("src") !== piece || !player.ended) return; // another began, or it was stopped
    touch();
  }
}

const soundOf = (key) => "/v1/messages/" + key + "/sound?lang=" + encodeURIComponent($("lang").value);
const sayAloud = (key) => speak([soundOf(key)]);

// consentTo asks one question aloud and gives the answer once a button is pressed.
function consentTo(key) {
  $("consent-text").textContent = say(key);
  show("consent", true);
  $("consent").scrollIntoView({ block: "center" });
  $("no").focus({ preventScroll: true });
  sayAloud(key);
  return new Promise((done) => {
    $("yes").onclick = () => done(true);
    $("no").onclick = () => done(false);
  });
}

// person asks for a person. In despair nobody is asked anything more.
async function person() {
  const mine = answer;
  const consent = { words: false, voice: false };
  if (mine.reason !== "despair" && enrolled) {
    consent.words = await consentTo("consent_words");
    if (mine.heard) consent.voice = await consentTo("consent_voice");
  }
  show("consent", false);
  if (mine !== answer) return; // the next person has begun
  try {
    const noted = await post("/v1/answers/" + mine.id + "/escalation", { session, consent });
    $("noted").textContent = noted.message;
    showTicket(noted);
    speak(noted.sound);
  } catch (e) {
    showProblem(e.message, e.key);
  }
  touch();
}

function showTicket(noted) {
  show("ticket", noted.code !== "");
  $("ticket-code").textContent = noted.code;
  if (!noted.code) return;
  $("ticket-picture").src = "/page/picture-" + noted.picture + ".svg";
  $("ticket-picture").alt = noted.picture_name;
  $("ticket").scrollIntoView({ block: "center" });
}

// openReply asks for the reply under the code and a picture.
async function openReply(picture) {
  show("problem", false);
  show("reply", false);
  endUse();
  const code = $("code").value.trim();
  if (!/^[0-9]{3}$/.test(code)) return $("code").focus();
  const ticket = { picture, lang: $("lang").value, session };
  try {
    const got = await post("/v1/replies/" + code, ticket);
    replySounds = got.sound;
    const advice = got.advice ? [got.advice.title, got.advice.text, got.reminder] : [];
    $("reply-text").textContent = [got.message, ...advice, ...got.replies].filter(Boolean).join("\n");
    $("take-back").onclick = () => takeBack(code, ticket);
    show("take-back", !got.advice);
    show("reply-play", replySounds.length > 0);
    show("reply", true);
    show("new", true);
    $("reply").scrollIntoView({ block: "center" });
    if (got.asks) askUse({ code, picture }, replySounds);
    else speak(replySounds);
  } catch (e) {
    showProblem(e.message, e.key);
  }
  touch();
}

async function takeBack(code, ticket) {
  try {
    await post("/v1/replies/" + code + "/withdrawal", ticket);
    $("reply-text").textContent = say("taken_back");
    show("take-back", false);
    sayAloud("taken_back");
  } catch (e) {
    showProblem(e.message, e.key);
  }
}

// forgetPerson takes from the page what the one before has seen.
function forgetPerson() {
  $("teller").pause();
  $("teller").removeAttribute("src");
  replySounds = [];
  $("code-form").reset();
  ["consent", "ticket", "reply"].forEach((id) => show(id, false));
  ["ticket-code", "reply-text"].forEach((id) => { $(id).textContent = ""; });
  $("ticket-picture").removeAttribute("src");
  $("come-back").open = false;
}

function pictureButton(n) {
  const button = document.createElement("button");
  const image = document.createElement("img");
  const key = document.createElement("b");
  button.type = "button";
  image.src = "/page/picture-" + n + ".svg";
  image.width = image.height = 64;
  image.alt = say("picture_" + n);
  key.textContent = n;
  button.append(image, key);
  button.addEventListener("click", () => openReply(n));
  return button;
}

document.addEventListener("texts", () => fill("pictures", Array.from({ length: PICTURES }, (_, i) => pictureButton(i + 1))));
document.addEventListener("next", forgetPerson);
$("person").addEventListener("click", person);
$("reply-play").addEventListener("click", () => speak(replySounds));
$("code-form").addEventListener("submit", (e) => e.preventDefault());
