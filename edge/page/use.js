"use strict";
// Whether an advice is of use: it is said simpler, taken home as a number, and followed up at the next visit in two taps.

const SIGNS = {
  yes: "M9 26l10 10 20-24", no: "M11 11l26 26M37 11l-26 26", skip: "M10 12l12 12-12 12M26 12l12 12-12 12",
  helped: "M14 22v18H6V22zM14 22l8-16c4 0 6 2 6 6l-2 8h12c2 0 4 2 4 4l-4 14c0 2-2 2-4 2H14",
  unhelped: "M14 26V8H6v18zM14 26l8 16c4 0 6-2 6-6l-2-8h12c2 0 4-2 4-4l-4-14c0-2-2-2-4-2H14",
  too_soon: "M12 6h24M12 42h24M14 6c0 10 6 13 10 18 4-5 10-8 10-18M14 42c0-10 6-13 10-18 4 5 10 8 10 18",
  why_no_money: "M24 8a16 16 0 100 32 16 16 0 100-32M8 40L40 8",
  why_not_to_be_had: "M8 20h32l-4 20H12zM16 20a8 8 0 0116 0M19 26l10 9M29 26l-10 9",
  why_not_understood: "M16 17a8 8 0 1113 6c-4 3-5 4-5 8M24 39v1",
  why_not_believed: "M8 8h32v24H22l-8 8v-8H8zM19 15l10 10M29 15L19 25",
};

// The second question hangs on what was said to the first.
const SECOND = {
  true: { key: "followup_helped", ways: [["yes", "helped", { helped: "yes" }], ["no", "unhelped", { helped: "no" }], ["too_soon", "too_soon", { helped: "too_soon" }]] },
  false: { key: "followup_why", ways: ["no_money", "not_to_be_had", "not_understood", "not_believed"].map((why) => ["why_" + why, "why_" + why, { why }]) },
};

let use = null; // what is said of which advice, until it is sent

// ---- after an answer

function offerUse(a) {
  show("simpler", Boolean(a.simple));
  $("simpler").setAttribute("aria-pressed", "false");
  show("take-code", a.outcome === "answered" && a.citations.length > 0);
}

// simpler says the shorter text in place of the answer, and the answer again when it is pressed once more.
function simpler() {
  const on = $("simpler").getAttribute("aria-pressed") !== "true";
  $("simpler").setAttribute("aria-pressed", String(on));
  $("advice").textContent = on ? answer.simple.text : answer.text;
  sounds = on ? answer.simple.sound : answer.sound;
  slow = false;
  play();
}

async function takeCode() {
  try {
    const noted = await post("/v1/answers/" + answer.id + "/ticket", { session });
    $("noted").textContent = noted.message;
    showTicket(noted);
    speak(noted.sound);
  } catch (e) {
    showProblem(e.message, e.key);
  }
  touch();
}

// ---- at the next visit

// askUse asks whether an advice was done, after the sounds that come before.
function askUse(which, before) {
  use = { ...which, done: null, lang: $("lang").value, session };
  question("followup_done", [["yes", "yes", { done: true }], ["no", "no", { done: false }]], before);
}

// question shows one question with a picture for each way to answer it, and reads all of it aloud.
function question(key, ways, before = []) {
  $("followup-text").textContent = say(key);
  const buttons = ways.map(([text, sign, said]) => wayButton(text, sign, () => answerUse(said)));
  fill("followup-choices", [...buttons, wayButton("followup_skip", "skip", sendUse)]);
  show("followup", true);
  const first = before.length + 1; // the sound of the first way
  speak([...before, soundOf(key), ...ways.map(([text]) => soundOf(text))], (i) => {
    if (i === before.length) $("followup").scrollIntoView({ block: "center" });
    buttons.forEach((b, n) => b.classList.toggle("said", n === i - first));
  });
}

function wayButton(text, sign, go) {
  const button = document.createElement("button");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const label = document.createElement("span");
  button.type = "button";
  button.className = sign;
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SIGNS[sign]);
  svg.append(path);
  label.textContent = say(text);
  button.append(svg, label);
  button.addEventListener("click", go);
  return button;
}

// answerUse takes one tap: after the first comes what hangs on it, after the second all is sent.
function answerUse(said) {
  Object.assign(use, said);
  if (!("done" in said)) return sendUse();
  const second = SECOND[said.done];
  question(second.key, second.ways);
}

async function sendUse() {
  const said = use;
  use = null;
  try {
    await post("/v1/followups", said);
    fill("followup-choices", []);
    $("followup-text").textContent = say("followup_thanks");
    sayAloud("followup_thanks");
  } catch (e) {
    showProblem(e.message, e.key);
  }
  touch();
}

// endUse sends what was said so far: whoever leaves after one tap has said something too.
function endUse() {
  if (use && use.done !== null) post("/v1/followups", use).catch(() => {});
  use = null;
  show("followup", false);
  fill("followup-choices", []);
  $("followup-text").textContent = "";
}

// byNumber asks about the advice of a number of the menu.
function byNumber() {
  show("problem", false);
  show("reply", false);
  endUse();
  const number = [...$("code").value.trim()].join("-");
  const item = adviceAt(number);
  if (!item) return number ? showProblem(say("no_number"), "no_number") : $("code").focus();
  $("reply-text").textContent = item.label;
  ["reply-play", "take-back"].forEach((id) => show(id, false));
  show("reply", true);
  show("new", true);
  askUse({ number }, item.sound ? [item.sound + "&only=label"] : []);
}

// adviceAt gives the advice of a number.
function adviceAt(number, items = menu) {
  for (const item of items) {
    const found = item.number === number ? item : adviceAt(number, item.branches || []);
    if (found) return found;
  }
  return null;
}

document.addEventListener("next", endUse);
$("simpler").addEventListener("click", simpler);
$("take-code").addEventListener("click", takeCode);
$("by-number").addEventListener("click", byNumber);
$("come-back").addEventListener("toggle", () => { if ($("come-back").open) speak([soundOf("code_label"), soundOf("code_picture")]); });
