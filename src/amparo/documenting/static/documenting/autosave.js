// Keeps what is being typed: posts the form, sealed on the server, when something changed, and on leaving the page.
"use strict";

const form = document.querySelector("form[data-keep]");
const told = document.querySelector("[data-keep-told]");
const EVERY_MS = 20_000;
let changed = false;
let sending = false;

function say(name) {
  if (told) {
    told.textContent = told.dataset[name] || "";
  }
}

async function keep() {
  if (!changed || sending) {
    return;
  }
  changed = false;
  sending = true;
  try {
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      redirect: "manual",
      keepalive: false,
    });
    if (answer.status !== 204) {
      throw new Error(String(answer.status));
    }
    say("kept");
  } catch {
    changed = true;
    say("notKept");
  } finally {
    sending = false;
  }
}

if (form) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  setInterval(keep, EVERY_MS);
  // A page that is left may be gone before an answer comes: the browser sends this by itself.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed) {
      changed = false;
      navigator.sendBeacon(form.dataset.keep, new URLSearchParams(new FormData(form)));
    }
  });
}
