/** Shows how much of a form's files has arrived. Without scripts the form works as it is. */

const form = document.querySelector("form[data-upload]");

if (form) {
  const state = form.querySelector("[data-upload-state]");
  const bar = state.querySelector("progress");
  const problems = form.querySelector("[data-upload-problems]");
  const button = form.querySelector("button[type=submit]");

  const say = (which) => {
    for (const name of ["sending", "sealing", "failed"]) state.querySelector(`[data-${name}]`).hidden = name !== which;
    bar.hidden = which === "failed";
    state.hidden = false;
    button.disabled = which !== "failed";
  };

  const tell = (said) => {
    state.hidden = true;
    button.disabled = false;
    problems.replaceChildren(
      ...said.map((each) => {
        const line = document.createElement("p");
        line.textContent = each;
        return line;
      }),
    );
    problems.hidden = false;
  };

  const parse = (answer) => {
    try {
      return JSON.parse(answer) || {};
    } catch {
      return {};
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problems.hidden = true;
    if (bar.hasAttribute("max")) bar.value = 0;
    say("sending");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (progress) => {
      if (progress.lengthComputable && bar.hasAttribute("max")) bar.value = progress.loaded / progress.total;
      if (progress.loaded === progress.total) say("sealing");
    });
    request.addEventListener("load", () => {
      const said = parse(request.responseText);
      if (said.go) window.location.assign(said.go);
      else if (said.problems) tell(said.problems);
      else say("failed");
    });
    request.addEventListener("error", () => say("failed"));
    request.addEventListener("abort", () => say("failed"));
    request.send(new FormData(form));
  });
}
