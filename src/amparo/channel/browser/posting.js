/** One form posted to our own server, with its progress. */

const LONGEST_SILENCE_MILLISECONDS = 60000;

/** The line broke, or the server did not answer as it does: it may be tried again. */
export class NoConnection extends Error {}

/**
 * Post `pairs` of field and value (texts, or Blobs with the name that they travel under) to `address`.
 *
 * Gives `status` and the `said` object of the answer. `progress` gets the share that has left. Rejects with
 * `NoConnection`, also after a minute without any movement and for errors of the server itself.
 */
export function post(address, pairs, { progress = () => {}, signal } = {}) {
  const body = new FormData();
  for (const [name, value] of pairs) {
    // A Blob without a name would be called "blob"; what it is called here tells nothing either.
    if (value instanceof Blob) body.append(name, value, "sealed");
    else body.append(name, value);
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence;
    const moved = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), LONGEST_SILENCE_MILLISECONDS);
    };
    const fail = () => {
      clearTimeout(silence);
      reject(new NoConnection());
    };
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      moved();
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      clearTimeout(silence);
      const said = parse(request.responseText);
      if (request.status >= 500 || request.status === 0) fail();
      else resolve({ status: request.status, said });
    });
    request.addEventListener("error", fail);
    request.addEventListener("abort", fail);
    if (signal) signal.addEventListener("abort", () => request.abort());
    moved();
    request.send(body);
  });
}

/** The object in an answer; an empty one for pages that are meant for people, as of a proxy in between. */
function parse(answer) {
  try {
    return JSON.parse(answer) || {};
  } catch {
    return {};
  }
}
