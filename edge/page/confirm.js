"use strict";
// Yes and no to what the box read back: a tick and a cross, large enough for any finger, told by shape and sound and not by reading.

const TICK = "M9 26l10 10 20-24", CROSS = "M11 11l26 26M37 11l-26 26";

function confirmButton(choice, i) {
  const button = document.createElement("button");
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const label = document.createElement("span");
  button.type = "button";
  button.className = i === 0 ? "yes" : "no";
  sign.setAttribute("viewBox", "0 0 48 48");
  sign.setAttribute("aria-hidden", "true");
  path.setAttribute("d", i === 0 ? TICK : CROSS);
  sign.append(path);
  label.textContent = choice.label;
  button.append(sign, label);
  button.addEventListener("click", () => choose(choice));
  return button;
}
