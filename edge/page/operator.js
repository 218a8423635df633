"use strict";
// What the pages of those who look after the box have in common.

const $ = (id) => document.getElementById(id);
let texts = {};

function say(key, values = {}) {
  return (texts[key] || key).replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// speak takes up the texts of a language.
async function speak(lang) {
  put(lang, (await call("/v1/messages?lang=" + encodeURIComponent(lang))).texts);
}

// put puts the texts of a language into the page.
function put(lang, own) {
  texts = own;
  document.documentElement.lang = lang;
  document.querySelectorAll("[data-text]").forEach((e) => { e.textContent = say(e.dataset.text); });
}

// offer shows the languages to choose from.
function offer(languages, chosen) {
  $("lang").replaceChildren(...languages.map((l) => new Option(l.name, l.lang, false, l.lang === chosen)));
}

// call gives what the box replies; a problem is thrown with the box's words, and with its hint alone.
async function call(path, options = {}) {
  const reply = await fetch(path, options).catch(() => null);
  if (reply && reply.ok) return reply.status === 204 ? null : reply.json();
  const problem = reply ? await reply.json().catch(() => ({})) : {};
  const said = problem.detail || texts.no_box || "The box does not answer.";
  throw Object.assign(new Error([said, problem.hint].filter(Boolean).join(" ")), { hint: problem.hint });
}

const post = (path, body) => call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// trying shows what goes wrong.
const trying = (work) => async (...args) => {
  $("problem").hidden = true;
  try {
    await work(...args);
  } catch (e) {
    $("problem").textContent = e.message;
    $("problem").hidden = false;
    $("problem").scrollIntoView({ block: "center" });
  }
};
