// Takes an invitation's code from behind the "#" into the form, and out of the address and the history.
"use strict";

const field = document.querySelector("input[name=code]");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
