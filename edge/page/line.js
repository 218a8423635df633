"use strict";
// The status corner: when the box last spoke with the office, and what waits, in words. A box without an office says nothing.

const LOOK = 60000; // ms

let enrolled = false; // at an office: without one nothing can go to a person

// ago says a time that has passed, in ms; less than 0 is one that no clock tells.
function ago(ms) {
  if (ms < 0) return say("ago_unknown");
  const minutes = Math.floor(ms / 60000), hours = Math.floor(minutes / 60);
  if (minutes < 2) return say("ago_now");
  if (hours < 2) return say("ago_minutes", { n: minutes });
  if (hours < 48) return say("ago_hours", { n: hours });
  return say("ago_days", { n: Math.floor(hours / 24) });
}

function tellLine(office) {
  enrolled = office.enrolled;
  show("line", enrolled);
  const spoke = office.spoken ? say("line_spoke", { when: ago(office.spoke_ms) }) : say("line_never");
  $("line").textContent = spoke + " " + (office.waiting ? say("line_waiting", { n: office.waiting }) : say("line_sent"));
}

// A box that does not answer is told about where somebody asks.
const lookAtLine = () => call("/v1/status").then((s) => { tellLine(s.office); show("setup", s.setup_wanted); }).catch(() => {});

document.addEventListener("texts", lookAtLine);
setInterval(lookAtLine, LOOK);
