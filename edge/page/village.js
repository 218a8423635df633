"use strict";
// What was asked at this box and what came of it: told aloud to whoever meets around it, and part by part by touch.

let villageSounds = [];

function villagePicture(name) {
  const svg = picture(name);
  svg.firstChild.setAttribute("href", "/page/village.svg#" + name);
  return svg;
}

// villagePart is a part that is said when it is touched; beside it the number that leads to the advice it is about.
function villagePart(part) {
  const row = document.createElement("div");
  const button = document.createElement("button");
  const text = document.createElement("span");
  button.type = "button";
  text.textContent = part.text;
  button.append(villagePicture(part.picture), text);
  button.addEventListener("click", () => speak(part.sound));
  row.append(button);
  if (part.number) {
    const number = document.createElement("button");
    number.type = "button";
    number.className = "number";
    number.textContent = part.number;
    number.addEventListener("click", () => askText({ choice: part.number }));
    row.append(number);
  }
  return row;
}

// openVillage shows the report and tells its short form.
async function openVillage() {
  show("problem", false);
  try {
    const report = await call("/v1/village?lang=" + encodeURIComponent($("lang").value));
    villageSounds = report.sound;
    fill("village-parts", report.parts.map(villagePart));
    show("village", true);
    show("village-play", villageSounds.length > 0);
    $("village").scrollIntoView({ block: "start" });
    speak(villageSounds);
  } catch (e) {
    showProblem(e.message, e.key);
  }
  touch();
}

function closeVillage() {
  villageSounds = [];
  show("village", false);
  fill("village-parts", []);
}

$("village-open").addEventListener("click", openVillage);
$("village-play").addEventListener("click", () => speak(villageSounds));
document.addEventListener("texts", closeVillage);
document.addEventListener("next", closeVillage);
