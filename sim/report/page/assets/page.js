"use strict";
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const language = () => root.lang;
  const text = (key, values = {}) =>
    data.texts[language()][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  const number = (value) => new Intl.NumberFormat(language(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  const inWords = (element) =>
    all(":scope > [lang]", element).filter((one) => one.lang === language()).map((one) => one.textContent).join(" ") || element.textContent.trim();

  function speak(chosen) {
    root.lang = chosen;
    document.getElementById(`in-${chosen}`).checked = true;
    document.dispatchEvent(new Event("languagechange"));
  }

  function languages() {
    all(".languages input").forEach((one) => one.addEventListener("change", () => speak(one.value)));
  }

  // One way of each group is shown in the sections below the comparison.
  function choices() {
    all(".way-choice").forEach((select) => {
      select.closest(".choose").hidden = false;
      const show = () =>
        all(`.of-way[data-group="${select.dataset.group}"]`).forEach((one) => {
          one.hidden = one.dataset.way !== select.value;
        });
      const name = () =>
        all("option", select).forEach((option) => {
          option.textContent = `${Number(option.value) + 1}. ${inWords(document.getElementById(`name-${option.value}`))}`;
        });
      select.addEventListener("change", show);
      document.addEventListener("languagechange", name);
      name();
      show();
    });
  }

  // Ways that are not chosen are dimmed in the table and gone from the picture; those pointed at are lit in both.
  function comparison() {
    const of = (way) => all(`tr[data-way="${way}"], g[data-way="${way}"]`);
    all("input.compare").forEach((box) => {
      box.hidden = false;
      box.closest("section").querySelector(".hint").hidden = false;
      box.addEventListener("change", () => {
        const way = box.closest("tr").dataset.way;
        box.closest("tr").classList.toggle("off", !box.checked);
        all(`g[data-way="${way}"]`).forEach((mark) => { mark.style.display = box.checked ? "" : "none"; });
      });
    });
    all("tr[data-way], g.way").forEach((one) => {
      const lit = (on) => () => {
        of(one.dataset.way).forEach((other) => other.classList.toggle("lit", on));
        if (on && one.tagName !== "TR") readOut(one);
      };
      if (one.tagName !== "TR") {
        one.setAttribute("tabindex", "0");
        one.setAttribute("role", "img");
        const name = () => one.setAttribute("aria-label", inWords(document.getElementById(`name-${one.dataset.way}`)));
        document.addEventListener("languagechange", name);
        name();
      }
      for (const on of ["pointerenter", "focusin"]) one.addEventListener(on, lit(true));
      for (const off of ["pointerleave", "focusout"]) one.addEventListener(off, lit(false));
    });
    all("svg:has(g.way)").forEach((picture) => {
      picture.removeAttribute("role");
      picture.setAttribute("role", "group");
    });
    all(".readout").forEach((one) => { one.hidden = false; });
  }

  function readOut(mark) {
    const row = document.querySelector(`tr[data-way="${mark.dataset.way}"]`);
    const said = [inWords(document.getElementById(`name-${mark.dataset.way}`)), ...all(".verdict, .figure", row).map((one) => one.innerText.trim())];
    const readout = mark.closest("section").querySelector(".readout");
    if (readout) readout.textContent = `${Number(mark.dataset.way) + 1}. ${said.join(" · ")}`;
  }

  function walks() {
    all(".walk").forEach((walk) => {
      const hours = (data.days || {})[walk.dataset.day];
      const slider = walk.querySelector("input");
      const line = walk.parentElement.querySelector("svg .now");
      const { left, right } = line.dataset;
      walk.hidden = false;
      slider.max = hours.waiting.length - 1;
      const show = () => {
        const at = Number(slider.value);
        const minutes = hours.first + 5 * at;
        const clock = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
        const x = Number(left) + ((at + 0.5) / hours.waiting.length) * (Number(right) - Number(left));
        line.setAttribute("x1", x);
        line.setAttribute("x2", x);
        line.classList.add("shown");
        const values = { clock, waiting: number(hours.waiting[at]), onDuty: number(hours.onDuty[at]), serving: number(hours.serving[at]) };
        walk.querySelector("output").textContent = text("walk", values);
        slider.setAttribute("aria-valuetext", clock);
      };
      slider.addEventListener("input", show);
      document.addEventListener("languagechange", show);
      slider.value = String(hours.peak);
      show();
    });
  }

  function playedDays() {
    for (const [way, days] of Object.entries(data.played || {})) {
      motcua.played(document.getElementById(`way-${way}-played`), days, data.playedTexts);
    }
  }

  languages();
  playedDays();
  choices();
  comparison();
  walks();
})();
