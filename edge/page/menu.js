"use strict";
// The guided menu: pictures, numbers and sound lead to any advice in three taps, or three keys of a number pad, for those who
// do not read and for languages that the box cannot hear.

let menu = [], trail = [];
let reading = 0; // counts readings: a later one, or silence, ends the one before
let said = false; // a menu is being read
const menuVoice = new Audio();

function takeMenu(guided) {
  week = guided.week || null;
  menu = week ? [...guided.branches, week] : guided.branches;
  menuHome();
}

const branches = () => (trail.length ? trail[trail.length - 1].branches : menu);

function menuHome() {
  trail = [];
  showMenu();
}

// showBulletins shows what the office says where the menu begins: below it is in the way, and this week says it itself.
const showBulletins = () => show("bulletins", !trail.length && $("bulletin-list").childElementCount > 0);

function showMenu() {
  hush();
  showBulletins();
  fill("tiles", branches().map(tile));
  $("tiles").classList.toggle("rows", branches().some((item) => item.title));
  $("menu-text").textContent = inWeek() ? trail[0].text : "";
  fill("trail", trail.map((item) => picture(item.picture)));
  show("menu", menu.length > 0);
  show("back", trail.length > 0);
  show("listen", branches().some((item) => item.sound && item.sound.length));
}

function tile(item) {
  const button = document.createElement("button");
  const number = document.createElement("b");
  const label = document.createElement("span");
  button.type = "button";
  button.className = "tile";
  number.textContent = item.key;
  number.classList.toggle("two", item.key > 9);
  label.textContent = item.label;
  button.append(number, picture(item.picture), label);
  if (item === week) button.classList.add("week");
  if (item.turn) button.children[1].style.transform = "rotate(" + item.turn * 30 + "deg)"; // of the year
  if (item.title) {
    const why = document.createElement("small");
    why.textContent = item.text;
    label.textContent = item.title;
    label.append(why);
  }
  button.addEventListener("click", () => openTile(item));
  return button;
}

// openTile opens what a tile leads to: the next menu, read aloud, or the advice.
function openTile(item) {
  if (item === week) return openWeek();
  if (item.told) return openWeek(item.told);
  if (item.number) {
    menuHome();
    return askText({ choice: item.number });
  }
  silence();
  trail.push(item);
  showMenu();
  $("menu").scrollIntoView({ block: "nearest" });
  return readMenu(item);
}

function menuBack() {
  silence();
  trail.pop();
  showMenu();
  return readMenu();
}

// readMenu says the label that was chosen, if one was, and then all of this menu with the key of each.
async function readMenu(chosen) {
  const mine = ++reading;
  const tiles = [...$("tiles").children];
  const spoken = branches().flatMap((item, i) => [item.sound || []].flat().map((sound) => ({ sound, tile: tiles[i] })));
  if (chosen && chosen.week) spoken.unshift(...chosen.sound.map((sound) => ({ sound })));
  else if (chosen && chosen.sound) spoken.unshift({ sound: chosen.sound + "&only=label" });
  const blobs = spoken.map((s) => fetch(s.sound).then((r) => (r.ok ? r.blob() : null)).catch(() => null)); // all on their way at once
  menuSounding(spoken.length > 0);
  for (const [i, s] of spoken.entries()) {
    const blob = await blobs[i];
    if (mine !== reading) return;
    tiles.forEach((t) => t.classList.toggle("said", t === s.tile));
    if (blob) await sayOnce(blob);
    if (mine !== reading) return;
  }
  hush();
}

// sayOnce plays one sound to its end, or until it is overtaken; a sound that may not or cannot be played is passed over.
async function sayOnce(blob) {
  const url = URL.createObjectURL(blob);
  await new Promise((done) => {
    menuVoice.onended = menuVoice.onerror = menuVoice.onpause = done;
    menuVoice.src = url;
    menuVoice.play().catch(done);
  });
  URL.revokeObjectURL(url);
}

// hush ends the reading of a menu.
function hush() {
  reading++;
  menuVoice.pause();
  menuSounding(false);
  document.querySelectorAll(".tile.said").forEach((t) => t.classList.remove("said"));
}

function menuSounding(on) {
  said = on;
  $("listen").classList.toggle("on", on);
  $("listen-label").textContent = say(on ? "stop" : "listen");
}

// menuKey takes the keys of a number pad, unless somebody is typing.
function menuKey(event) {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.altKey || event.metaKey) return;
  if (monthKey(event.key)) return;
  if (/^[0-9]$/.test(event.key)) pressed(Number(event.key));
  if (event.key === "Backspace" && trail.length) menuBack();
}

// numberOf gives the number of the advice that stands on a document; "" where it has none.
function numberOf(document, items = menu) {
  for (const item of items) {
    const number = item.document === document ? item.number : numberOf(document, item.branches || []);
    if (number) return number;
  }
  return "";
}

function startMenu() {
  $("back").addEventListener("click", menuBack);
  $("listen").addEventListener("click", () => (said ? hush() : (silence(), readMenu())));
  document.addEventListener("keydown", menuKey);
}
