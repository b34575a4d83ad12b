/** A message from the mailbox: sealed here to all who can read it, its writer included, and sent until it has arrived. */

import { find, findAll, show, State, text } from "./page.js";
import { canSeal, NotReadable, readPublicKeys, sealFields, sealFiles } from "./sealing.js";
import { Refused, Sending } from "./sending.js";

export async function startMessage(form) {
  if (!(await canSeal(form.dataset.publicKey))) return;
  show(find("#sealed-here"));
  show(find("#not-sealed-here"), false);
  const state = new State(find("#seal-state"));
  const sending = new Sending(form, state);
  let isBusy = false;
  let isPlain = false;
  form.addEventListener("submit", async (event) => {
    if (isPlain) return;
    event.preventDefault();
    if (isBusy) return;
    const problem = problemOf(form);
    if (problem) {
      state.say(problem, { wrong: true });
      return;
    }
    isBusy = true;
    try {
      location.replace(await sending.send(() => seal(form, state)));
      return;
    } catch (failure) {
      isPlain = !(failure instanceof Refused || failure instanceof NotReadable);
      state.say(wordsOf(failure), { wrong: true });
    }
    isBusy = false;
  });
}

const filesOf = (form) => findAll("input[type=file]", form).flatMap((input) => Array.from(input.files));

const writtenIn = (form) => find("[name=text]", form).value.trim();

function problemOf(form) {
  const { longestText, mostFiles, mostFileBytes } = form.dataset;
  const files = filesOf(form);
  const large = files.find((file) => file.size > mostFileBytes);
  const over = writtenIn(form).length - longestText;
  if (!writtenIn(form) && !files.length) return text("say-something");
  if (over > 0) return text("too-long", { over });
  if (files.length > mostFiles) return text("too-many-files");
  return large ? text("file-too-large", { file: large.name }) : "";
}

async function seal(form, state) {
  const { publicKey, sectionKind } = form.dataset;
  const publicKeys = readPublicKeys(publicKey);
  state.say(text("sealing"), { share: 0 });
  return [
    ["sealed_to", publicKey],
    ...(await sealFields("message", { text: writtenIn(form) }, sectionKind, publicKeys)),
    ...(await sealFiles(filesOf(form), publicKeys, (share) => state.say(text("sealing"), { share }))),
  ];
}

function wordsOf(failure) {
  if (failure instanceof Refused) return failure.words;
  return failure instanceof NotReadable
    ? text("file-unreadable", { file: failure.file })
    : text("sealing-failed");
}
