// What the live panel needs beside htmx: what was opened or closed stays so over a swap, stale texts go, changed
// figures are marked, and a request that fails says so.
(function () {
  "use strict";
  const MARKED_FOR_MS = 1000;
  const form = document.getElementById("build-form");
  if (!form) {
    return;
  }
  let figuresBefore = new Map();
  let openBefore = new Map();

  function figures() {
    return new Map(
      Array.from(document.querySelectorAll("[data-figure]"), (element) => [
        element.dataset.figure,
        Number(element.dataset.value),
      ]),
    );
  }

  function markChanged() {
    for (const element of document.querySelectorAll("[data-figure]")) {
      const before = figuresBefore.get(element.dataset.figure);
      const now = Number(element.dataset.value);
      if (before === undefined || before === now) {
        continue;
      }
      const direction = now > before ? "went-up" : "went-down";
      element.classList.add(direction);
      setTimeout(() => element.classList.remove(direction), MARKED_FOR_MS);
    }
  }

  function controlOf(error) {
    return document.getElementById(error.id.slice(0, -"_error".length));
  }

  function tieErrorsToControls() {
    for (const error of form.querySelectorAll(".field-error")) {
      const control = controlOf(error);
      if (!control) {
        continue;
      }
      const wrong = error.textContent.trim() !== "";
      control.toggleAttribute("aria-invalid", wrong);
      if (wrong) {
        control.setAttribute("aria-invalid", "true");
        const details = control.closest("details");
        if (details) {
          details.open = true;
        }
      }
      const described = (control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
      if (!described.includes(error.id)) {
        control.setAttribute("aria-describedby", described.concat(error.id).join(" "));
      }
    }
  }

  document.body.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id !== "panel" || !event.detail.shouldSwap) {
      return;
    }
    figuresBefore = figures();
    openBefore = new Map(
      Array.from(document.querySelectorAll("#panel details"), (details) => [details.id, details.open]),
    );
    // The answer brings only the lines and errors there are now; the old ones must not outlive it.
    for (const text of form.querySelectorAll(".field-error, .slot-line")) {
      text.textContent = "";
    }
  });

  document.body.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "panel") {
      return;
    }
    for (const details of document.querySelectorAll("#panel details")) {
      if (openBefore.has(details.id)) {
        details.open = openBefore.get(details.id);
      }
    }
  });

  document.body.addEventListener("htmx:afterSettle", function (event) {
    // Out-of-band pieces are in place only now; they announce themselves too, but one pass is enough.
    if (event.detail.elt.id === "panel") {
      markChanged();
      tieErrorsToControls();
    }
  });

  // A change may not have been answered yet when somebody saves: what the form holds is what is saved.
  document.body.addEventListener("submit", function (event) {
    if (!event.target.matches("form.save")) {
      return;
    }
    const settings = Array.from(new FormData(form)).filter(([, value]) => value !== "");
    event.target.elements.query.value = new URLSearchParams(settings).toString();
  });

  function sayFailed(event) {
    // What comes later, such as the curves, leaves its link where it was; the figures are not stale for that.
    if (event.detail.target.id !== "panel") {
      return;
    }
    const text = "Not updated: no answer from the server. Change something, or press Update, to try again.";
    const panel = document.getElementById("panel");
    document.getElementById("announcement").textContent = text;
    panel.classList.add("is-stale");
    if (!panel.querySelector(".not-updated")) {
      const note = document.createElement("p");
      note.className = "form-note not-updated";
      note.textContent = text;
      panel.prepend(note);
    }
  }
  document.body.addEventListener("htmx:responseError", sayFailed);
  document.body.addEventListener("htmx:sendError", sayFailed);

  tieErrorsToControls();
})();
