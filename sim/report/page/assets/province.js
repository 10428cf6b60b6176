"use strict";
(() => {
  const root = document.documentElement;
  const texts = JSON.parse(document.getElementById("data").textContent).texts;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (key, values) => texts[root.lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  const folded = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  const names = new Intl.Collator("vi", { numeric: true });
  const form = document.querySelector(".controls");
  const list = document.querySelector(".tiles");
  const tiles = all(".tile").map((element) => {
    const name = element.querySelector(".name").textContent;
    const { rank, assumed, verdict } = element.dataset;
    const row = document.querySelector(`tr[data-center="${element.id.replace("center-", "")}"]`);
    return { element, row, name, folded: folded(name), rank: Number(rank), assumed: Number(assumed), verdict };
  });
  const orders = {
    rank: (one, other) => one.rank - other.rank,
    assumed: (one, other) => other.assumed - one.assumed || one.rank - other.rank,
    name: (one, other) => names.compare(one.name, other.name) || one.rank - other.rank,
  };

  function order() {
    const chosen = form.querySelector("[name=order]:checked").value;
    list.append(...[...tiles].sort(orders[chosen]).map((tile) => tile.element));
  }

  // What is left out is out of sight, and on paper still there.
  function filter() {
    const verdicts = all("[name=verdict]:checked", form).map((box) => box.value);
    const wanted = folded(form.querySelector("[type=search]").value.trim());
    let shown = 0;
    for (const tile of tiles) {
      const out = !verdicts.includes(tile.verdict) || !tile.folded.includes(wanted);
      shown += out ? 0 : 1;
      for (const one of [tile.element, tile.row]) one.classList.toggle("out", out);
    }
    form.querySelector(".tally").textContent = text("province_shown", { shown, all: tiles.length });
  }

  function controls() {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => (event.target.name === "order" ? order() : filter()));
    document.addEventListener("languagechange", filter);
    form.reset();
    filter();
  }

  // A link to a center shows and opens its tile, whatever was left out before.
  function links() {
    all('a[href^="#center-"]').forEach((link) => link.addEventListener("click", () => {
      const tile = document.getElementById(link.hash.slice(1));
      if (tile.classList.contains("out")) {
        all("[name=verdict]", form).forEach((box) => { box.checked = true; });
        form.querySelector("[type=search]").value = "";
        filter();
      }
      tile.querySelector("details").open = true;
    }));
  }

  function sorted(table, at, isName, descending) {
    const body = table.tBodies[0];
    const value = (row) => (isName ? row.cells[at].textContent : row.cells[at].dataset.value);
    const rank = (row) => Number(row.cells[0].dataset.value);
    const sign = descending ? -1 : 1;
    const compare = (one, other) => {
      const [first, second] = [value(one), value(other)];
      if (first === "" || second === "") return (first === "") - (second === "") || rank(one) - rank(other);
      const found = isName ? names.compare(first, second) : Math.sign(numberOf(first) - numberOf(second)) || 0;
      return sign * found || rank(one) - rank(other);
    };
    body.append(...[...body.rows].sort(compare));
  }

  const numberOf = (text) => (text === "inf" ? Number.MAX_VALUE : Number(text));

  function sorting() {
    const table = document.querySelector(".centers");
    const heads = all("thead th", table);
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", at === 0 ? "ascending" : "none");
      button.addEventListener("click", () => {
        const turned = { ascending: "descending", descending: "ascending" };
        const way = turned[head.getAttribute("aria-sort")] || head.dataset.first;
        heads.forEach((other) => other.setAttribute("aria-sort", other === head ? way : "none"));
        sorted(table, at, head.dataset.key === "name", way === "descending");
      });
    });
    document.querySelector(".sorts").hidden = false;
  }

  controls();
  links();
  sorting();
})();
