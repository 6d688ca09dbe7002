// What makes a page live. Everything works without it.
"use strict";
(() => {
  // Only pieces that our own stream sends are ever made into markup.
  const pure = window.trustedTypes
    ? trustedTypes.createPolicy("parley", { createHTML: (html) => html })
    : { createHTML: (html) => html };

  const elements = (html) => {
    const t = document.createElement("template");
    t.innerHTML = pure.createHTML(html);
    return [...t.content.children];
  };

  // Clocks count on from what the server said when they came.
  const clocks = new WeakMap();
  const tell = () => {
    for (const c of document.querySelectorAll("[data-runs]")) {
      if (!clocks.has(c)) clocks.set(c, performance.now() - 1000 * c.dataset.runs);
      const minutes = Math.floor((performance.now() - clocks.get(c)) / 60000);
      const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
      if (c.textContent !== text) c.textContent = text;
    }
  };
  tell();
  setInterval(tell, 1000);

  // What somebody is typing, has opened or stands on outlives a new piece.
  const keep = (old, fresh) => {
    for (const o of old.querySelectorAll("details[open]")) {
      const f = o.id && fresh.querySelector(`#${CSS.escape(o.id)}`);
      if (f) f.open = true;
    }
    for (const o of old.querySelectorAll("input[id],textarea[id],select[id]")) {
      const f = fresh.querySelector(`#${CSS.escape(o.id)}`);
      if (!f) continue;
      if (o.type === "checkbox" || o.type === "radio") f.checked = o.checked;
      else if (o.type === "file") o.files.length && f.replaceWith(o);
      else f.value = o.value;
    }
    const at = document.activeElement;
    if (!old.contains(at)) return;
    const find = () => {
      if (at.id) return document.getElementById(at.id);
      if (at.tagName === "SUMMARY") return document.querySelector(`#${CSS.escape(at.parentElement.id)}>summary`);
      if (at.formAction) return document.querySelector(`button[formaction="${CSS.escape(at.getAttribute("formaction") || "")}"]`);
    };
    const range = at.selectionStart === undefined || at.type === "number" ? null : [at.selectionStart, at.selectionEnd];
    queueMicrotask(() => {
      const f = find();
      if (!f) return;
      f.focus({ preventScroll: true });
      if (range && f.setSelectionRange) { try { f.setSelectionRange(...range); } catch { /* not a text */ } }
    });
  };

  const replace = (html) => {
    for (const fresh of elements(html)) {
      const old = document.getElementById(fresh.id);
      if (!old) continue;
      keep(old, fresh);
      old.replaceWith(fresh);
    }
    tell();
  };

  const enter = (html) => {
    const list = document.getElementById("entries");
    for (const fresh of elements(html)) {
      if (!list || document.getElementById(fresh.id)) continue;
      fresh.classList.add("new");
      list.prepend(fresh);
      const heard = document.getElementById("heard");
      if (heard) heard.textContent = [...fresh.querySelectorAll(".who,.said,.proc")].map((e) => e.innerText).join(" ");
    }
  };

  const live = document.querySelector("[data-stream]");
  if (live) {
    const stream = new EventSource(live.dataset.stream);
    const unlive = (is) => {
      const note = document.getElementById("unlive");
      if (note) note.hidden = !is;
    };
    stream.addEventListener("entry", (e) => enter(e.data));
    stream.addEventListener("piece", (e) => replace(e.data));
    stream.addEventListener("again", () => location.reload());
    stream.onopen = () => { document.documentElement.dataset.live = "yes"; unlive(false); };
    stream.onerror = () => { delete document.documentElement.dataset.live; unlive(stream.readyState === EventSource.CLOSED); };
    addEventListener("pagehide", () => stream.close());
  }

  // In a text: n and p go to the next and the previous bracket, other keys to
  // the link that carries them. They can be switched off, for who speaks to the page.
  const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
  const keys = document.getElementById("keys");
  if (keys) {
    const show = () => { keys.textContent = off() ? keys.dataset.on : keys.dataset.off; };
    keys.parentElement.hidden = false;
    show();
    keys.addEventListener("click", () => {
      try { localStorage.setItem("keys", off() ? "on" : "off"); } catch { /* stays on */ }
      show();
    });
  }
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || off() || e.target.closest("input,textarea,select")) return;
    const to = document.querySelector(`a[data-key="${CSS.escape(e.key)}"]`);
    if (to) return to.click();
    if (e.key !== "n" && e.key !== "p") return;
    const all = [...document.querySelectorAll("a.bno")];
    let at = all.indexOf(document.activeElement);
    if (at < 0) at = all.findIndex((b) => b.closest(".selected"));
    if (at < 0 && e.key === "n") at = all.findIndex((b) => b.getBoundingClientRect().top > 0) - 1;
    const next = all[e.key === "n" ? at + 1 : at - 1];
    if (!next) return;
    e.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "center" });
  });

  // A form is sent once; coming back to the page it can be sent again.
  document.addEventListener("submit", (e) => {
    if (e.target.dataset.sent) return e.preventDefault();
    e.target.dataset.sent = "yes";
    setTimeout(() => delete e.target.dataset.sent, 5000); // the line may have broken
  });
  addEventListener("pageshow", () => {
    for (const f of document.querySelectorAll("form[data-sent]")) delete f.dataset.sent;
  });
})();
