/** What stands in the form: the answers that are sealed, and the codes that are not. */

import { findAll } from "./page.js";

/** Fields that travel in clear are named by the form itself; so are those that are no answers. */
const inClear = (form) => new Set(form.dataset.inClear.split(" "));

const isAnswer = (control) => control.name && !["hidden", "file", "submit", "button"].includes(control.type);

/** Everything said in the form, by field: lists of texts, empty ones left out. */
export function readSaid(form) {
  const said = {};
  for (const control of form.elements) {
    if (!isAnswer(control) || (["checkbox", "radio"].includes(control.type) && !control.checked)) continue;
    if (control.value.trim()) (said[control.name] = said[control.name] || []).push(control.value);
  }
  return said;
}

/** Put what was said back where it stood. */
export function writeSaid(form, said) {
  for (const control of form.elements) {
    if (!isAnswer(control)) continue;
    const values = said[control.name] || [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
    else control.value = values[0] || "";
  }
  for (const details of findAll("details", form)) {
    if (findAll("input, textarea", details).some((each) => (each.type === "checkbox" ? each.checked : each.value)))
      details.open = true;
  }
}

/** The answers as the server would read them (`channel/answers.py`): trimmed texts, and lists where several fit. */
export function readAnswers(form) {
  const clear = inClear(form);
  const lists = new Set(findAll("input[type=checkbox]", form).map((each) => each.name));
  const answers = {};
  for (const [name, values] of Object.entries(readSaid(form))) {
    if (!clear.has(name)) answers[name] = lists.has(name) ? values : values[0].trim();
  }
  return answers;
}

/** The codes that travel in clear, as pairs of field and value. */
export function readInClear(form, answers) {
  const clear = inClear(form);
  const said = readSaid(form);
  if (!said.naming) said.naming = [answers.name || answers.contact ? "confidential" : "anonymous"];
  return Object.entries(said).flatMap(([name, values]) => (clear.has(name) ? values.map((each) => [name, each]) : []));
}

/** The hidden fields of the form, as pairs: its tokens, whom it goes to, and what it is about. */
export function readHidden(form) {
  return findAll("input[type=hidden]", form).map((each) => [each.name, each.value]);
}
