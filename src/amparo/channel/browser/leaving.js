/** The way out: the button, or Escape three times. Leaves neither the form in the history nor a key in the browser. */

import { find } from "./page.js";

const WITHIN_MILLISECONDS = 3000;
const PRESSES = 3;

const onLeaving = [];

/** Have `stop` called before the page is left for good: what still sends or keeps must end. */
export const beforeLeaving = (stop) => onLeaving.push(stop);

export function offerWayOut() {
  const exit = find("#quick-exit");
  if (!exit) return;
  let pressed = [];
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      pressed = [...pressed.filter((time) => event.timeStamp - time < WITHIN_MILLISECONDS), event.timeStamp];
      if (pressed.length >= PRESSES) leave(exit);
    },
    true,
  );
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave(exit);
  });
}

function leave(exit) {
  // First of all nothing is to be seen any more, however slow the line is.
  document.documentElement.hidden = true;
  document.title = "";
  onLeaving.forEach((stop) => stop());
  try {
    sessionStorage.clear();
  } catch {
    // A browser that lets nothing be stored has nothing to forget.
  }
  // The server forgets the draft and takes the cookie away; it is told though this page is gone by then.
  fetch(exit.href, { keepalive: true, redirect: "manual", cache: "no-store" }).catch(() => {});
  location.replace(exit.dataset.exit);
}
