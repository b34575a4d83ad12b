// Makes or shows a passkey, and sends what the browser answers with the form. Nothing is sent anywhere else.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function readOptions(form) {
  const { publicKey } = JSON.parse(form.dataset.options);
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  for (const known of [...(publicKey.excludeCredentials || []), ...(publicKey.allowCredentials || [])]) {
    known.id = toBytes(known.id);
  }
  return { publicKey };
}

function writeAnswer(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = toText(response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: answer,
    clientExtensionResults: {},
  });
}

async function askBrowser(form) {
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const options = readOptions(form);
    const make = form.dataset.passkey === "make";
    const credential = await (make ? navigator.credentials.create(options) : navigator.credentials.get(options));
    form.elements.passkey.value = writeAnswer(credential);
    form.submit();
  } catch (error) {
    failed.hidden = false;
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      askBrowser(form);
    });
  }
}
