// Passkeys for a page. Serve it as a file of its own; it needs nothing inline
// and writes no markup.
//
// A form that carries data-passkey="create" or "get" runs a ceremony when it is
// submitted: it posts its own fields to data-begin, hands what comes back to the
// browser, and posts the answer to data-finish.
//
//   begin   answers {"ceremony": "...", "options": {"publicKey": {...}}}
//   finish  is sent  {"ceremony": "...", "response": {...}}
//           answers {"to": "/where/next"}, or an error with {"detail": "a sentence"}
//
// Fields named ceremony and response, if the form has them, are filled in and
// the form is submitted in the ordinary way instead of posting to data-finish;
// so a form that signs an act stays one form.
//
// The element with data-passkey-says inside the form is told what went wrong,
// in the words that stand in its data-refused and data-unable. A browser without
// passkeys finds the form disabled, and its data-unable said.
//
// What a passkey derives for encryption (PRF) never leaves the page: the answer
// is put together member by member, without it. Whoever wants it listens on
// document for "passkey-prf", whose detail holds it.
(() => {
  "use strict";

  const bytes = (text) => {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, (c) => c.charCodeAt(0));
  };
  const text = (buffer) => {
    let raw = "";
    for (const b of new Uint8Array(buffer)) raw += String.fromCharCode(b);
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const named = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));
  const values = (v) => {
    if (!v) return undefined;
    const out = {};
    for (const k of ["first", "second"]) if (v[k]) out[k] = bytes(v[k]);
    return out;
  };

  // Bytes travel as base64url; the browser wants buffers.
  const read = (options) => {
    const o = { ...options, challenge: bytes(options.challenge) };
    if (o.user) o.user = { ...o.user, id: bytes(o.user.id) };
    if (o.excludeCredentials) o.excludeCredentials = named(o.excludeCredentials);
    if (o.allowCredentials) o.allowCredentials = named(o.allowCredentials);
    if (o.extensions && o.extensions.prf) {
      o.extensions = { ...o.extensions, prf: { ...o.extensions.prf, eval: values(o.extensions.prf.eval) } };
      if (!o.extensions.prf.eval) delete o.extensions.prf.eval;
    }
    return o;
  };

  // Member by member: toJSON would send what prf.results holds.
  const write = (credential) => {
    const r = credential.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      response.attestationObject = text(r.attestationObject);
      response.transports = r.getTransports ? r.getTransports() : [];
    } else {
      response.authenticatorData = text(r.authenticatorData);
      response.signature = text(r.signature);
      if (r.userHandle) response.userHandle = text(r.userHandle);
    }
    const results = credential.getClientExtensionResults();
    const extensions = {};
    if (results.prf) {
      if (typeof results.prf.enabled === "boolean") extensions.prf = { enabled: results.prf.enabled };
      if (results.prf.results) document.dispatchEvent(new CustomEvent("passkey-prf", { detail: results.prf.results }));
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      response,
      clientExtensionResults: extensions,
    };
  };

  const refused = (detail) => Object.assign(new Error(detail), { detail });

  const post = async (address, type, body) => {
    const answer = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": type, Accept: "application/json" },
      body,
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw refused(said.detail || "");
    return said;
  };

  const run = async (form) => {
    const fields = new URLSearchParams(new FormData(form));
    const { ceremony, options } = await post(form.dataset.begin, "application/x-www-form-urlencoded", fields);
    const asked = { publicKey: read(options.publicKey) };
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create(asked)
      : await navigator.credentials.get(asked);
    const response = write(credential);
    if (form.elements.ceremony && form.elements.response) {
      form.elements.ceremony.value = ceremony;
      form.elements.response.value = JSON.stringify(response);
      form.submit(); // does not come back here
      return;
    }
    const { to } = await post(form.dataset.finish, "application/json", JSON.stringify({ ceremony, response }));
    // Only within this house, whatever was answered.
    const next = new URL(to || location.href, location.href);
    if (next.origin === location.origin) location.assign(next);
  };

  const say = (form, words) => {
    const place = form.querySelector("[data-passkey-says]");
    if (place) place.textContent = words || "";
  };
  const words = (form, which) => {
    const place = form.querySelector("[data-passkey-says]");
    return place ? place.dataset[which] || "" : "";
  };

  const unable = () => !window.PublicKeyCredential || !window.isSecureContext;

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.passkey) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    say(form, "");
    try {
      await run(form);
    } catch (e) {
      say(form, e.detail || words(form, "refused"));
    } finally {
      delete form.dataset.busy;
    }
  });

  const look = () => {
    if (!unable()) return;
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
      say(form, words(form, "unable"));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", look);
  else look();
})();
