"use strict";
// The page of the first run: where the box stands, what the village grows and keeps, whom to call. What comes from the box is only
// ever set as text, never as HTML.

const FIRST = 12; // tiles that are shown at once; the rest is behind a button
const WEEKS = 26; // that a planting may lie back
const KINDS = ["poison", "helpline", "vet", "officer"];

let state = null; // of the box
let village = null; // as it stands on the page

function make(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  Object.assign(e, attributes);
  e.append(...children);
  return e;
}

// ---- choices

// toggles fills a box with buttons that put an id into a list of the village, or take it out; number: in which order they stand.
function toggles(id, choices, { number = false, changed = () => {} } = {}) {
  const list = village[id];
  const buttons = choices.map((c) => {
    const order = make("b");
    const button = make("button", { type: "button", className: number ? "" : "tile" }, number ? order : "", c.picture ? picture(c.picture) : "", make("span", { textContent: c.name }));
    button.dataset.id = c.id;
    button.addEventListener("click", () => {
      list.includes(c.id) ? list.splice(list.indexOf(c.id), 1) : list.push(c.id);
      draw();
      changed();
    });
    return button;
  });
  const draw = () => buttons.forEach((b) => {
    const at = list.indexOf(b.dataset.id);
    b.setAttribute("aria-pressed", String(at >= 0));
    if (number) b.firstChild.textContent = at >= 0 ? at + 1 : "";
  });
  const chosen = (b) => list.includes(b.dataset.id);
  const shown = number ? buttons : buttons.filter((b, i) => i < FIRST || chosen(b));
  const rest = buttons.filter((b) => !shown.includes(b));
  const more = make("button", { type: "button", className: "tile more", textContent: say("more") });
  more.addEventListener("click", () => more.replaceWith(...rest));
  $(id).replaceChildren(...shown, ...(rest.length ? [more] : []));
  draw();
}

// ---- planting

const daysBefore = (day, days) => new Date(Date.parse(day) - days * 86400000).toISOString().slice(0, 10);

// plantedField lets one choose the week, or write the day where the box has no clock to count back from.
function plantedField(crop) {
  const now = village.planted[crop] || "";
  if (!state.today) return make("input", { type: "date", value: now });
  const weeks = [...Array(WEEKS + 1).keys()];
  const days = weeks.map((n) => [daysBefore(state.today, 7 * n), n === 0 ? say("this_week") : n === 1 ? say("week_ago") : say("weeks_ago", { count: n })]);
  if (now && !days.some(([day]) => day === now)) days.unshift([now, now]);
  return make("select", { autocomplete: "off" }, ...[["", say("open")], ...days].map(([day, text]) => new Option(text, day, false, day === now)));
}

function drawPlanted() {
  const rows = village.crops.map((crop) => {
    const field = plantedField(crop);
    field.id = "planted-" + crop;
    field.addEventListener("change", () => { field.value ? (village.planted[crop] = field.value) : delete village.planted[crop]; });
    const name = (state.crops.find((c) => c.id === crop) || { name: crop }).name;
    return make("div", { className: "pair" }, make("label", { htmlFor: field.id, textContent: name }), field);
  });
  $("planted").replaceChildren(...(rows.length ? [make("fieldset", {}, make("legend", { textContent: say("planted") }), ...rows)] : []));
}

// ---- where it stands, whom to call

// countries gives the codes with the browser's names for them.
function countries(codes, lang) {
  const names = new Intl.DisplayNames([lang, "en"], { type: "region" });
  const named = codes.map((code) => [names.of(code), code]);
  return named.sort((a, b) => a[0].localeCompare(b[0], lang)).map(([name, code]) => new Option(name, code));
}

// tellOthers says what the office and the flags have set; name gives the words for it.
function tellOthers(element, flags, office, name) {
  element.textContent = flags ? say("by_flags", { what: name(flags) }) : office ? say("by_office", { what: name(office) }) : "";
}

// nameIn finds the words for a value in a field's own options.
const nameIn = (id) => (value) => ([...$(id).options].find((o) => o.value === value) || { text: value }).text;

function drawPlace() {
  const zones = state.zones.map((z) => new Option(z.name, z.id));
  $("zone").replaceChildren(new Option(say("open"), ""), ...zones);
  $("country").replaceChildren(new Option(say("open"), ""), ...countries(state.countries, state.lang));
  $("zone").value = village.zone || "";
  $("country").value = village.country || "";
  $("name").value = village.name || "";
  tellOthers($("country-said"), state.flags.country, state.office.country, nameIn("country"));
  tellOthers($("zone-said"), state.flags.zone, state.office.zone, nameIn("zone"));
}

function contactField(kind, part, type, value) {
  const input = make("input", { type, value: value || "", id: kind + "-" + part, maxLength: 60, placeholder: say("contact_" + part) });
  input.setAttribute("aria-label", say("contact_" + kind) + ": " + say("contact_" + part));
  return input;
}

function drawContacts() {
  const of = (settings, kind) => (settings.contacts || []).find((c) => c.kind === kind);
  $("contacts").replaceChildren(...KINDS.map((kind) => {
    const now = of(village, kind) || {}, note = make("p", { className: "note" });
    tellOthers(note, of(state.flags, kind), of(state.office, kind), (c) => [c.name, c.number].filter(Boolean).join(", "));
    return make("div", { className: "contact" }, make("h3", { textContent: say("contact_" + kind) }),
      contactField(kind, "name", "text", now.name), contactField(kind, "number", "tel", now.number), note);
  }));
}

// ---- the whole

function readFields() {
  village.country = $("country").value;
  village.zone = $("zone").value;
  village.name = $("name").value.trim();
  village.contacts = KINDS.map((kind) => ({ kind, name: $(kind + "-name").value.trim(), number: $(kind + "-number").value.trim() }))
    .filter((c) => c.name || c.number);
}

async function load(lang) {
  const next = await call("/v1/setup?lang=" + encodeURIComponent(lang));
  if (village) readFields(); // what was filled in stays
  state = next;
  village = village || { crops: [], animals: [], languages: [], planted: {}, ...state.village };
  put(state.lang, state.texts);
  offer(state.languages.map((l) => ({ lang: l.id, name: l.name })), state.lang);
  $("pin-note").textContent = say(state.pin ? "pin_kept" : "pin_why");
  drawPlace();
  toggles("crops", state.crops, { changed: drawPlanted });
  toggles("animals", state.animals);
  toggles("languages", state.languages, { number: true });
  drawPlanted();
  drawContacts();
}

// save saves; what the box does not take it says in its hint.
async function save() {
  readFields();
  await post("/v1/setup", { lang: state.lang, village, pin: $("pin").value }).catch((e) => { throw new Error(e.hint || e.message); });
  $("form").hidden = $("intro").hidden = true;
  $("saved").hidden = false;
}

const saving = trying(save);
const loading = trying((lang) => load(lang).catch(() => load("en")));

$("form").addEventListener("submit", (e) => { e.preventDefault(); saving(); });
$("lang").addEventListener("change", () => loading($("lang").value));
loading(navigator.language.slice(0, 2));
