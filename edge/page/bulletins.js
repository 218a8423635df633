"use strict";
// What the office says for a while: the weather, prices, campaigns. The box is asked again and again, and before anything is played: it
// alone knows what still holds.

const BULLETIN_PICTURES = { weather: "rain", prices: "money", campaign: "group" };

function bulletinButton(bulletin) {
  const button = document.createElement("button");
  const words = document.createElement("span");
  button.type = "button";
  button.dataset.id = bulletin.id;
  words.textContent = bulletin.text;
  button.append(picture(BULLETIN_PICTURES[bulletin.kind]), words);
  button.addEventListener("click", () => playBulletin(bulletin.id));
  return button;
}

// lookAtBulletins shows what holds now, and gives it. What was shown of an answer that the box does not give is taken away.
async function lookAtBulletins() {
  const about = "?lang=" + encodeURIComponent($("lang").value);
  const all = await call("/v1/bulletins" + about).then((reply) => reply.bulletins).catch(() => []);
  fill("bulletin-list", all.map(bulletinButton));
  showBulletins();
  return all;
}

async function playBulletin(id) {
  const bulletin = (await lookAtBulletins()).find((b) => b.id === id);
  if (bulletin) speak(bulletin.sound);
}

document.addEventListener("texts", lookAtBulletins);
setInterval(lookAtBulletins, LOOK);
