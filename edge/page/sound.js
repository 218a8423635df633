"use strict";
// The sound of an answer: its pieces are played one after the other, the next as soon as it is there.

const TRIES = 4;     // at a piece that the Wi-Fi loses; it is never passed over, for it may hold a warning
const AGAIN = 1000;  // ms between them

let sounds = [], piece = 0, slow = false;
let hungry = false;  // the next piece is played as soon as it is there
let playing = 0;     // counts starts of a piece: a later one, or silence, ends the one before
let lost = 0;        // tries at this piece that failed

// awaitSound makes ready for another answer.
function awaitSound() {
  sounds = [];
  piece = 0;
  slow = false;
  hungry = true;
}

// hear adds pieces of sound to the answer, and plays on where it waits for them.
function hear(more) {
  sounds.push(...more);
  show("controls", sounds.length > 0);
  if (hungry && piece < sounds.length) playPiece();
}

function play() {
  piece = 0;
  lost = 0;
  playPiece();
}

function playPiece() {
  const mine = ++playing;
  hungry = piece >= sounds.length && !$("busy").hidden;
  if (piece >= sounds.length) return sounding(false);
  const player = $("player");
  player.onended = () => { if (mine === playing) nextPiece(); }; // the end of what was silenced may yet be told
  player.onerror = () => { if (mine === playing) losePiece(); };
  player.src = sounds[piece] + (slow ? "?slow=1" : "");
  player.play().then(() => { if (mine === playing) sounding(true); }).catch((e) => {
    if (mine !== playing || e.name !== "NotAllowedError") return; // what was lost tells it by itself
    sounding(false);
    $("noted").textContent = say("tap_to_hear"); // sound may not start by itself here
  });
}

function nextPiece() {
  piece++;
  lost = 0;
  playPiece();
}

// losePiece tries a piece once more that did not come whole; in vain, it tells why, and Play begins anew.
function losePiece() {
  const mine = playing;
  if (++lost < TRIES) return setTimeout(() => { if (mine === playing) playPiece(); }, AGAIN);
  sounding(false);
  request($("player").src).catch((e) => { if (mine === playing) showProblem(e.message, e.key); });
}

function silence() {
  hungry = false;
  lost = 0;
  playing++;
  hush();
  $("player").pause();
  $("teller").pause();
  sounding(false);
}

function sounding(on) {
  $("play").classList.toggle("on", on);
  $("play-label").textContent = say(on ? "stop" : "again");
  touch();
}
