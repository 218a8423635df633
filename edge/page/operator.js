"use strict";
// What the pages of those who look after the box have in common.

const $ = (id) => document.getElementById(id);
let texts = {};

function say(key, values = {}) {
  return (texts[key] || key).replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// speak takes up the texts of a language and puts them into the page.
async function speak(lang) {
  texts = (await call("/v1/messages?lang=" + encodeURIComponent(lang))).texts;
  document.documentElement.lang = lang;
  document.querySelectorAll("[data-text]").forEach((e) => { e.textContent = say(e.dataset.text); });
}

// offer shows the languages to choose from.
function offer(languages, chosen) {
  $("lang").replaceChildren(...languages.map((l) => new Option(l.name, l.lang, false, l.lang === chosen)));
}

async function call(path, options = {}) {
  const reply = await fetch(path, options);
  if (reply.ok) return reply.status === 204 ? null : reply.json();
  const problem = await reply.json().catch(() => ({}));
  throw new Error([problem.detail || say("no_box"), problem.hint].filter(Boolean).join(" "));
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
  }
};
