"use strict";
// This week: key 0 of the guided menu. What matters now is chosen like any advice; what the box does not know, the month or how far
// a crop is, is told by pictures and keys first. A month that was told holds for this person alone.

const TWO_DIGITS = 1500; // ms in which a second key makes 10, 11 or 12 of the first

let week = null;     // key 0 as the menu has it; null: this box tells nothing of the week
let toldMonth = {};  // {session, month}
let firstDigit = 0;  // timer of a 1 that may become 10, 11 or 12

const inWeek = () => trail.length > 0 && trail[0].week;

// openWeek asks what matters this week, with what was told for it, and shows it as a menu.
async function openWeek(told = {}) {
  silence();
  const mine = ++reading;
  if (told.month) toldMonth = { session, month: told.month };
  if (toldMonth.session === session) told = { ...told, month: toldMonth.month };
  try {
    const said = await call("/v1/week?" + new URLSearchParams({ lang: $("lang").value, session, ...told }));
    if (mine !== reading) return;
    const tiles = [...said.items.map((item) => ({ ...item, number: item.number || item.document })), ...said.choices.map(weekChoice)];
    const office = said.bulletins || [];
    const text = [...office.flatMap((b) => [b.title, b.text]), said.text].join(" ");
    trail = [{ week: true, picture: week.picture, text, sound: [...office.flatMap((b) => b.sound), ...said.sound], branches: tiles }];
    showMenu();
    $("menu").scrollIntoView({ block: "nearest" });
    return readMenu(trail[0]);
  } catch (e) {
    showProblem(e.message, e.key);
  }
}

// weekChoice is a tile of something to tell; the picture of a month is the year, turned.
function weekChoice(c) {
  const told = Object.fromEntries(["month", "crop", "stage", "other"].filter((k) => c[k]).map((k) => [k, c[k]]));
  return { ...c, told, turn: c.picture === "month" ? c.month - 1 : 0 };
}

// monthKey takes the keys of a number up to 12; false: this menu has none.
function monthKey(key) {
  if (!branches().some((b) => b.key > 9) || !/^[0-9]$/.test(key)) return false;
  if (firstDigit) {
    clearTimeout(firstDigit);
    firstDigit = 0;
    pressed(10 + Number(key));
  } else if (key === "1") {
    firstDigit = setTimeout(() => { firstDigit = 0; pressed(1); }, TWO_DIGITS);
  } else {
    pressed(Number(key));
  }
  return true;
}

function pressed(key) {
  const item = branches().find((b) => b.key === key);
  if (item) openTile(item);
}
